import type { ContextStatements } from '../context/context-statement.ts'
import type { PgPool } from '../pool/pg-pool.ts'

/** Where tenant work gets its connections, and how their context is set. One for each pool. */
export interface TenantSource {
  readonly pool: PgPool
  readonly context: ContextStatements
  /** What the declared settings are set to where a call gives none. */
  readonly defaultSettings: readonly string[]
  readonly acquireTimeoutMs: number
}
