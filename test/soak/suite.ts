import type { PgbouncerVersion } from '../../src/testing/rig/provision/index.ts'
import type { SoakFindings } from './soak-report.ts'

/** The ways to PostgreSQL that a soak can take. */
export const SOAK_TARGETS = ['direct', '1.18', '1.24'] as const

/** Directly, or through a pgbouncer of this version. */
export type SoakTarget = 'direct' | PgbouncerVersion

/** What the command line asked for. */
export interface SoakRequest {
  /** How many transactions; of the suite `cuts` how many cuts, of `deadlines` how many calls. */
  readonly transactions: number
  readonly seed: number
  readonly faults: boolean
  readonly target: SoakTarget
  /** What does the work: leasehold, or the control that must be seen to fail, where the suite has one. */
  readonly engine: 'leasehold' | 'session-set'
  /** Says how far it is, for who watches. */
  readonly say: (line: string) => void
}

/** One kind of soak. A new one is one file with one of these, and one line in `suites.ts`. */
export interface SoakSuite {
  readonly name: string
  /** Whether it can run the control. */
  readonly hasControl: boolean
  run(request: SoakRequest): Promise<SoakFindings>
}
