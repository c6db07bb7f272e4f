import type { ContextStatements } from '../context/context-statement.ts'
import type { PoolGate } from '../pool/gate.ts'
import type { PgPool } from '../pool/pg-pool.ts'
import type { BatchSharing } from './batch-sharing.ts'
import type { Prepare } from './find-session.ts'
import type { StatementNames } from './statement-names.ts'

/** Where tenant work gets its connections, and how their context is set. One for each pool. */
export interface TenantSource {
  readonly pool: PgPool
  /** Who may take a connection out of the pool next. */
  readonly admission: PoolGate
  readonly context: ContextStatements
  readonly prepare: Prepare
  /** Which texts are prepared, and under which names. */
  readonly statementNames: StatementNames
  /** What the declared settings are set to where a call gives none. */
  readonly defaultSettings: readonly string[]
  readonly acquireTimeoutMs: number
  /** Whether batches share connections, so that it has to be known which of them bear that. */
  readonly isShared?: boolean
  /** Where they do. */
  readonly multiplexer?: BatchSharing | undefined
}
