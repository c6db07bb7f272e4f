import type { Tally } from './measure.ts'
import type { VariantName } from './tenant-access.ts'
import type { WrittenRows } from './written-rows.ts'

/** What a variant did, in all its rounds together. */
export interface VariantResult {
  readonly name: VariantName
  readonly operations: number
  readonly foreignRows: number
  /** Operations that failed or had a wrong answer, and rows that were lost or written for another tenant. */
  readonly wrongAnswers: number
  readonly roundTripsPerOperation: number
  readonly operationsPerSecond: number
  readonly serverConnections: number
  /** The first error that an operation threw, if one did. */
  readonly error: unknown
}

/** Keeps what is measured of one variant. */
export class Score {
  readonly name: VariantName
  roundTripsPerOperation = Number.NaN
  /** The most that were seen at once. */
  serverConnections = 0
  readonly #tallies: Tally[] = []
  #timedOperations = 0
  #timedSeconds = 0

  constructor(name: VariantName) {
    this.name = name
  }

  /** Adds a round of which only the answers count. */
  add(tally: Tally): void {
    this.#tallies.push(tally)
  }

  /** Adds a round whose time counts too. */
  addTimed(tally: Tally): void {
    this.add(tally)
    this.#timedOperations += tally.operations
    this.#timedSeconds += tally.seconds
  }

  get foreignRows(): number {
    return this.#sum(({ foreignRows }) => foreignRows)
  }

  summarize({ written, misplaced }: WrittenRows): VariantResult {
    const lost = Math.abs(written - this.#sum(({ inserted }) => inserted))
    return {
      name: this.name,
      operations: this.#sum(({ operations }) => operations),
      foreignRows: this.foreignRows,
      wrongAnswers: this.#sum(({ wrongAnswers }) => wrongAnswers) + misplaced + lost,
      roundTripsPerOperation: this.roundTripsPerOperation,
      operationsPerSecond: this.#timedOperations / this.#timedSeconds,
      serverConnections: this.serverConnections,
      error: this.#tallies.find(({ error }) => error !== undefined)?.error,
    }
  }

  #sum(figure: (tally: Tally) => number): number {
    return this.#tallies.reduce((sum, tally) => sum + figure(tally), 0)
  }
}
