import type { SettingValues } from '../context/settings.ts'
import type { TenantId } from '../context/tenant-id.ts'
import type { CommitEvidence, CommitOutcome } from '../errors/outcome.ts'
import type { TenantReadCallback } from '../query/tenant-callback.ts'

/** For whom a value is read. */
export interface CacheCaller {
  readonly tenant: TenantId
  /** Values of the declared settings, in declared order. */
  readonly settings: readonly string[]
}

/** A place in the log of one history of one cluster. */
export interface LogPosition {
  /** The same in all copies of a cluster, and in no other. */
  readonly systemId: string
  readonly timeline: number
  readonly lsn: bigint
}

/** What was read, and where. */
export interface ReadAt<T> {
  readonly value: T
  /**
   * Of a replica, what it had replayed before the snapshot was taken; of the primary, where it stood afterwards. Nothing where the
   * server did not say.
   */
  readonly lsn: bigint | undefined
  readonly source: 'primary' | 'replica'
  /** Of the primary. */
  readonly timeline: number | undefined
}

/** How a value is read. */
export interface ReadWays {
  /** What the server must have replayed. Without it, and where there are no replicas, the primary reads. */
  readonly atLeast: LogPosition | undefined
  readonly timeoutMs: number | undefined
}

/** Runs a statement, and gives its rows. @throws the server's error */
export type TextQuery = (text: string, values: readonly unknown[]) => Promise<readonly unknown[]>

/** What the cache needs of a database object. */
export interface CacheDatabase<DB = unknown> {
  /** Names of the declared settings, in the order of {@link CacheCaller.settings}. */
  readonly settings: readonly string[]
  /** Whether work across tenants can be done, which the journal's relay is. */
  readonly hasSystem: boolean
  /**
   * @throws {ScopeRequiredError} neither a tenant was given nor is there a scope
   * @throws {TenantRequiredError} {@link TenantInvalidError} {@link SettingInvalidError}
   */
  caller(given: {
    readonly tenant?: TenantId | undefined
    readonly settings?: SettingValues | undefined
  }): CacheCaller
  /** Whether a transaction of this database is open around the caller. */
  inTransaction(): boolean
  /** Reads as part of the transaction around the caller. @throws as `withTenant` does */
  join<T>(caller: CacheCaller, callback: TenantReadCallback<T, DB>): Promise<T>
  /** Reads in a transaction of its own, outside of any around the caller. @throws as `withTenant` does */
  read<T>(caller: CacheCaller, ways: ReadWays, callback: TenantReadCallback<T, DB>): Promise<ReadAt<T>>
  /** Runs a statement on the primary, for no tenant. @throws the server's error */
  ask(text: string, values?: readonly unknown[]): Promise<readonly unknown[]>
  /** Runs a callback in a transaction across tenants, for a reason. @throws as `system` does */
  across<T>(reason: string, callback: (query: TextQuery) => Promise<T>): Promise<T>
  /** Where the primary stands; nothing where the application's role may not know. @throws where it does not answer */
  position(timeoutMs: number): Promise<LogPosition | undefined>
  /** What became of a transaction. @throws where the primary does not answer */
  outcome(evidence: CommitEvidence, timeoutMs: number): Promise<CommitOutcome | 'in progress'>
}
