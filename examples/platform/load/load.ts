import type { Figures } from './figures.ts'
import type { RowCheckCounts } from './row-check.ts'
import type { LoadShape } from './shapes.ts'

export interface LoadOptions {
  readonly shape: LoadShape
  /** Whether some of the reads are of pages of the clinic and the portal, which must run. @default false */
  readonly pages?: boolean
  /** Requests a second, on average. @default 60 */
  readonly perSecond?: number
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number
}

/** Requests of all clinics to the Core API and to pages, through the edge, until it is stopped. */
export interface Load extends AsyncDisposable {
  /** Since the start. */
  readonly figures: Figures
  /** Whose the rows were that were answered. */
  readonly rows: RowCheckCounts
  /** Counts from now on; call what it returns for the figures since. */
  measure(): () => Figures
  /** Sends no more, waits for what is under way, and looks up the last rows. */
  stop(): Promise<{ readonly figures: Figures; readonly rows: RowCheckCounts }>
}
