import { LeaseholdError } from './leasehold-error.ts'

/** One reason why row security does not hold, and how to end it. */
export interface RlsGap {
  readonly cause: string
  readonly fix: string
}

/**
 * Row security does not hold for who a pool logs in as, so that work for one tenant could reach the rows of another. No work was
 * sent over the pool.
 */
export class RlsNotEnforcedError extends LeaseholdError {
  readonly code = 'LSH_ERR_RLS_NOT_ENFORCED'
  readonly retryable = false
  /** Every reason that was found. Holds names of roles and tables, never a row's value. */
  readonly causes: readonly RlsGap[]

  constructor(causes: readonly RlsGap[]) {
    super(describe(causes))
    this.causes = Object.freeze(causes.map((gap) => Object.freeze({ ...gap })))
  }
}

function describe(causes: readonly RlsGap[]): string {
  const lines = causes.map(({ cause, fix }) => `\n- ${cause}\n  Fix: ${fix}`)
  return (
    'Row-level security does not keep tenants apart on this pool, so it was not used. The check is the option ' +
    `verifyOnStart of createLeasehold.${lines.join('')}`
  )
}
