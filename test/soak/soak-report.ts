/** What a suite found. Every count but `transactions`, `faults` and `unknownOutcomes` is of something that must not be. */
export interface SoakFindings {
  /** What was run and has settled. */
  readonly transactions: number
  /** How often each fault was inflicted. */
  readonly faults: Readonly<Record<string, number>>
  /** Rows of another tenant that were read, or that were written for another tenant. */
  readonly foreignRows: number
  /** Writes reported committed that are not there whole. */
  readonly lostWrites: number
  /** Writes that were applied more than once, or although they were reported not committed. */
  readonly duplicateWrites: number
  /** Reads that did not show what the same caller had written before, or showed nothing where there is something. */
  readonly staleReads: number
  /** Writes of which leasehold said that nobody knows. */
  readonly unknownOutcomes: number
  /** Connections still out of the pool, and backends still in a transaction, when all was over. */
  readonly leakedConnections: number
  /** Whatever else must not be, in words; empty when all is well. */
  readonly violations: readonly string[]
  /** Whatever else is worth knowing. */
  readonly details: Readonly<Record<string, unknown>>
}

/** What is printed as the last line, and kept in the ledger. */
export interface SoakReport extends SoakFindings {
  readonly seed: number
  readonly suite: string
  readonly verdict: 'held' | 'violated'
}

/** The findings of a run that is all right so far. */
export const NOTHING_FOUND: SoakFindings = Object.freeze({
  transactions: 0,
  faults: {},
  foreignRows: 0,
  lostWrites: 0,
  duplicateWrites: 0,
  staleReads: 0,
  unknownOutcomes: 0,
  leakedConnections: 0,
  violations: [],
  details: {},
})

/** Turns findings into a verdict. */
export function reportSoak(suite: string, seed: number, findings: SoakFindings): SoakReport {
  const { transactions, faults, foreignRows, lostWrites, duplicateWrites, staleReads } = findings
  const { unknownOutcomes, leakedConnections, violations, details } = findings
  const wrong =
    foreignRows + lostWrites + duplicateWrites + staleReads + leakedConnections + violations.length
  return {
    seed,
    suite,
    transactions,
    faults,
    foreignRows,
    lostWrites,
    duplicateWrites,
    staleReads,
    unknownOutcomes,
    leakedConnections,
    verdict: wrong === 0 && transactions > 0 ? 'held' : 'violated',
    violations,
    details,
  }
}
