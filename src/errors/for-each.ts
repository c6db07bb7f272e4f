import { LeaseholdError } from './leasehold-error.ts'

/** What went wrong for one tenant of many. */
export interface TenantFailure {
  /** Which of the given ids it was, from 0. */
  readonly index: number
  /** The first 12 hexadecimal digits of the SHA-256 of the tenant id; '' where what was given is no tenant id. */
  readonly tenantHash: string
  readonly cause: unknown
}

/** How far a run over many tenants came. */
export interface TenantTally {
  readonly succeeded: number
  readonly failed: number
  /** Whether it ended before the ids did. */
  readonly stopped: boolean
}

/**
 * For some tenants of `forEachTenant` the work failed, and was rolled back for each of these. For the others it IS
 * committed: repeat only what failed. `cause` is what stopped the run, or else the first failure.
 */
export class ForEachTenantError extends LeaseholdError {
  readonly code = 'LSH_ERR_FOR_EACH'
  readonly retryable = false
  readonly succeeded: number
  readonly failed: number
  readonly stopped: boolean
  readonly #failures: readonly TenantFailure[]

  /** @param failures those that are kept, in the order in which they came */
  constructor(tally: TenantTally, failures: readonly TenantFailure[], cause: unknown) {
    super(
      `The work failed for ${tally.failed} tenants; for ${tally.succeeded} it IS committed` +
        `${tally.stopped ? ', and the run was stopped before the end' : ''}. \`failures\` says for which, by index, and ` +
        `why${tally.failed > failures.length ? `; it keeps the first ${failures.length}` : ''}. Repeat only those.`,
      { cause },
    )
    this.succeeded = tally.succeeded
    this.failed = tally.failed
    this.stopped = tally.stopped
    this.#failures = failures
  }

  /** The failures; of a great many, the first 1,000. On the prototype, so that a log of the error does not show what they hold. */
  get failures(): readonly TenantFailure[] {
    return this.#failures
  }
}
