import type { PositionWatch } from '../wire/position-watch.ts'
import type { ReadRoute } from '../wire/read-route.ts'
import type { Receipt } from '../wire/receipt.ts'

/** What of a transaction differs between a write on the primary and a read that may go elsewhere. */
export interface TransactionWays {
  readonly receipt?: Receipt | undefined
  /** Finds the server of a read. It is opened on the one that serves, with no work of the callback's done twice. */
  readonly route?: ReadRoute | undefined
  /** Is told where the server stands; where there is a route, what that gives is told instead. */
  readonly watch?: PositionWatch | undefined
}
