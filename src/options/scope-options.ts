import type { SettingValues } from '../context/settings.ts'
import type { TenantId } from '../context/tenant-id.ts'
import type { ReadChoice } from '../router/router-options.ts'
import type { CallOptions, ReaderOptions, TransactionOptions } from './options.ts'

/** Options of `run`. */
export interface RunOptions extends ReaderOptions {
  /** Whom the caller was verified to act for. */
  readonly tenant: TenantId
  /** Values of declared settings. @default those of the scope around it */
  readonly settings?: SettingValues | undefined
  /**
   * The HTTP method of the request: in one of GET, HEAD or QUERY, what {@link Leasehold.current} gives reads only, and from a
   * replica where there are any; in OPTIONS and TRACE it gives nothing.
   * @default that of the scope around it; without one, work may write
   */
  readonly method?: string | undefined
  /**
   * The pattern of the request's route, such as '/patients/:id': for the message of {@link WriteInReadError}. Never the path
   * itself, which can hold what no log may. A function is asked when there is such an error: some frameworks find the route only after
   * the scope has begun.
   */
  readonly httpRoute?: string | (() => string | undefined) | undefined
  /**
   * Called each time the tenant of the scope is asked for, as by {@link Leasehold.current}: for a framework that keeps what a function
   * returns for other requests too. What it throws goes to the caller. @default that of the scope around it
   */
  readonly guard?: (() => void) | undefined
}

/** Options of `current`. Settings are those of the scope. */
export type CurrentOptions = Pick<CallOptions, 'readOnly' | 'timeoutMs' | 'signal'> & ReadChoice

/** Options of `shared`. */
export type SharedOptions = Pick<CallOptions, 'timeoutMs' | 'signal'> & ReadChoice

/** Options of `system`. */
export interface SystemOptions extends TransactionOptions {
  /** Why data of all tenants is touched, such as the number of a ticket. Goes into the audit events as it is. */
  readonly reason: string
}

/** Options of `forEachTenant`: those of each tenant's transaction, and how many run at a time. */
export interface ForEachTenantOptions extends TransactionOptions {
  /** Transactions at a time, from 1 to 1000; more than the pool has connections wait for one. @default 4 */
  readonly concurrency?: number
  /** Starts no more once one has failed. @default false: all are run */
  readonly stopOnError?: boolean
}

/** Options of `close`. */
export interface CloseOptions {
  /** Milliseconds that work in flight has to end, from 0. What still runs then loses its connection. @default 10000 */
  readonly drainMs?: number
}

/** Options of `health`. */
export interface HealthOptions {
  /** Milliseconds within which it answers. @default 1000 */
  readonly timeoutMs?: number
}
