/** What became of a write, as the engine told it. */
export type Outcome = 'committed' | 'failed' | 'unknown'

const OUTCOMES: readonly Outcome[] = ['committed', 'failed', 'unknown']

/** One write as the ledger knows it. */
export interface WriteEntry {
  readonly number: number
  /** Who asked, as an index into the tenants; below 256. */
  readonly tenant: number
  /** How many rows it writes; 1 to 63. */
  readonly rows: number
  readonly outcome: Outcome
}

/** Each write by its number, in two bytes: a soak of ten million takes 20 MB. */
export class OutcomeLedger {
  readonly #tenants: Uint8Array
  readonly #writes: Uint8Array

  /** @param limit the highest number */
  constructor(limit: number) {
    this.#tenants = new Uint8Array(limit + 1)
    this.#writes = new Uint8Array(limit + 1)
  }

  /** The highest number that it has room for. */
  get limit(): number {
    return this.#writes.length - 1
  }

  set({ number, tenant, rows, outcome }: WriteEntry): void {
    if (number < 1 || number > this.limit || rows < 1 || rows > 63 || tenant > 255) {
      throw new RangeError(`write ${number} of tenant ${tenant} with ${rows} rows has no place in the ledger`)
    }
    this.#tenants[number] = tenant
    this.#writes[number] = rows * 4 + OUTCOMES.indexOf(outcome)
  }

  get(number: number): WriteEntry | undefined {
    const write = this.#writes[number] ?? 0
    const outcome = OUTCOMES[write % 4]
    if (write === 0 || outcome === undefined) return undefined
    return { number, tenant: this.#tenants[number] ?? 0, rows: write >> 2, outcome }
  }

  /** How many writes ended how. */
  count(): Record<Outcome, number> {
    const counts = { committed: 0, failed: 0, unknown: 0 }
    for (let number = 1; number <= this.limit; number += 1) {
      const entry = this.get(number)
      if (entry) counts[entry.outcome] += 1
    }
    return counts
  }
}
