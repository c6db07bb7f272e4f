import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import type { PartitionPlan, PartitionStep } from '../plan/step.ts'
import type { PartitionEvent } from './run-report.ts'

/** A replica whose readers a detach must not cancel. */
export interface ReplicaReader {
  /** For messages. */
  readonly name: string
  /** Connected to the replica itself. A role without `pg_read_all_stats` sees locks as well, but not how old they are. */
  readonly client: CatalogClient
}

/** How a plan is run. */
export interface ApplyOptions {
  /** Milliseconds for which a step is tried that does not get its locks. @default 60_000 */
  readonly lockBudgetMs?: number
  /** Milliseconds after which no further step, and no further try, is begun. @default 3_600_000 */
  readonly deadlineMs?: number
  /** Milliseconds that one statement may take; then the server is taken to be gone. @default 14_400_000 */
  readonly stepTimeoutMs?: number
  /** Stops it before the next step or try. */
  readonly signal?: AbortSignal
  readonly onEvent?: (event: PartitionEvent) => void
  readonly replicas?: readonly ReplicaReader[]
  /** Milliseconds for which a gate waits until no replica reads the partition. @default 60_000 */
  readonly gateBudgetMs?: number
  /** Archives the partition of a step (`step.relation`), and leaves its receipt in the database; else such steps are deferred. */
  readonly archive?: (step: PartitionStep, signal: AbortSignal | undefined) => Promise<unknown>
  /** Plans again once the locks are taken, so that what another run has done meanwhile is known. Of tables that the first plan names only. */
  readonly replan?: (client: CatalogClient) => Promise<PartitionPlan>
  /**
   * Runs behind a pooler in transaction mode: a second connection holds the lock against other runs, in a transaction that is open for as
   * long as the run. The role needs a `lock_timeout` of its own (`ALTER ROLE … SET lock_timeout = '30s'`), since a session of the
   * pooler's cannot be told one. That transaction keeps VACUUM from what dies meanwhile: a direct connection is the better one.
   */
  readonly pooled?: { readonly lockClient: CatalogClient }
  /** Milliseconds to wait for the lock of another run, such as of one that was killed. @default 3_000 */
  readonly busyWaitMs?: number
  /** From 0 to 1, for the waits between tries. @default Math.random */
  readonly random?: () => number
  /** Milliseconds of the Unix epoch. @default Date.now */
  readonly now?: () => number
}
