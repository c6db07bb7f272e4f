/** How an audit looks. */
export interface CacheAuditOptions {
  /** The share of hits that is looked at, from 0 to 1. */
  readonly sample: number
}

/** What an audit has found of one definition. */
export interface AuditReport {
  /** Hits that were compared with the primary. */
  readonly compared: number
  /** Those that were something else there, although nothing had been written since. */
  readonly stale: number
  /** Those that could not be compared, because what they depend on was written meanwhile, or the primary did not answer. */
  readonly skipped: number
  /**
   * Consistency in nines: 3 is one stale hit in a thousand. Where none was found, what so many comparisons can vouch for at most, by
   * the rule of three.
   */
  readonly nines: number
}

/** Makes a report out of counts. */
export function auditReport({ compared, stale, skipped }: Omit<AuditReport, 'nines'>): AuditReport {
  if (compared === 0) return { compared, stale, skipped, nines: 0 }
  // None among n: with 95 % confidence there are fewer than 3 in n.
  const share = stale > 0 ? stale / compared : Math.min(1, 3 / compared)
  return { compared, stale, skipped, nines: Math.max(0, -Math.log10(share)) }
}
