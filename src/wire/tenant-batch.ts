import type { TenantContext } from '../context/context-statement.ts'
import type { PositionWatch } from './position-watch.ts'
import type { Receipt } from './receipt.ts'
import type { WireStatement } from './statement.ts'

/** Statements of one tenant that go out together and commit together. */
export interface TenantBatch {
  readonly context: TenantContext
  readonly statements: readonly WireStatement[]
  /**
   * Wraps the batch in an explicit transaction block. CALL and DO need it: in the implicit one a procedure may
   * COMMIT, which ends the tenant context while statements still follow; in an explicit one PostgreSQL refuses that.
   */
  readonly explicit: boolean
  /** What it leaves in the table of receipts. */
  readonly receipt?: Receipt | undefined
  /** Ends the call: a read at any time, a write for as long as it has not been sent. */
  readonly signal?: AbortSignal | undefined
  /** Is told where the server stands. */
  readonly watch?: PositionWatch | undefined
  /** How often a read is sent again after its connection was lost. @default 2 */
  readonly resends?: number
}
