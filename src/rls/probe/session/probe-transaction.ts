import type { ProbeClient } from '../probe-options.ts'
import { type Attempt, done, failed } from './attempt.ts'

/** PostgreSQL keeps savepoints of one name apart: the one that was made last counts. */
export const SAVE = 'savepoint leasehold_probe'
const UNDO = `rollback to ${SAVE}`

/** A transaction that will be rolled back, in which statements may fail without harm to the ones after. */
export class ProbeTransaction {
  readonly #client: ProbeClient

  constructor(client: ProbeClient) {
    this.#client = client
  }

  /** Undoes the attempt before, and runs statements that must not fail and stay in force until the transaction ends. */
  async settle(...statements: readonly string[]): Promise<void> {
    await this.#client.query([UNDO, ...statements, SAVE].join('; '))
  }

  /**
   * Undoes the attempt before, with its locks, and makes another.
   *
   * @param statements of which only the last may fail for the reason that is asked about; without parameters
   */
  async attempt(...statements: readonly string[]): Promise<Attempt> {
    try {
      return done(await this.#client.query([UNDO, ...statements].join('; ')))
    } catch (error) {
      return failed(error)
    }
  }

  /** Makes an attempt whose effects stay in force until the transaction ends, where it is done. */
  async keep(...statements: readonly string[]): Promise<Attempt> {
    try {
      return done(await this.#client.query([UNDO, ...statements, SAVE].join('; ')), 1)
    } catch (error) {
      return failed(error)
    }
  }
}
