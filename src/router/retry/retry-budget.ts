export interface RetryBudgetOptions {
  /** The part of a retry that each request adds. @default 0.1, so that retries add a tenth to the load at most */
  readonly ratio?: number
  /** Retries that can be saved up, and that there are at the start. @default 10 */
  readonly cap?: number
}

/** What ten times 0.1 falls short of 1. */
const ROUNDING = 1e-9

/**
 * Bounds how many requests are made again, over all callers. Each one alone may be worth it; all at once, when a server is down,
 * would be a load of several times the usual on those that are up.
 *
 * Over any stretch there are no more retries than `cap` and `ratio` for each request.
 */
export class RetryBudget {
  readonly #ratio: number
  readonly #cap: number
  #retries: number

  constructor({ ratio = 0.1, cap = 10 }: RetryBudgetOptions = {}) {
    this.#ratio = ratio
    this.#cap = cap
    this.#retries = cap
  }

  /** A request begins; not called again for its retries. */
  countRequest(): void {
    this.#retries = Math.min(this.#cap, this.#retries + this.#ratio)
  }

  /** Takes a retry, if there is one. */
  mayRetry(): boolean {
    if (this.#retries < 1 - ROUNDING) return false
    this.#retries = Math.max(0, this.#retries - 1)
    return true
  }
}
