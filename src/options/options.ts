import type { AdmissionRules } from '../admission/admission-rules.ts'
import type { SettingValues } from '../context/settings.ts'
import type { TenantParser } from '../context/tenant-id.ts'
import type { PgPool, PoolOptions } from '../pool/pg-pool.ts'
import type { KyselyOptions } from '../query/kysely-parts.ts'
import type { Router } from '../router/router.ts'
import type { ReadChoice, ReplicaOptions } from '../router/router-options.ts'
import type { Route } from '../telemetry.ts'
import type { Isolation } from '../transaction/begin.ts'
import type { RetryRules } from '../transaction/retry.ts'
import type { Prepare } from '../wire/find-session.ts'
import type { MultiplexOptions } from '../wire/multiplexing/multiplex-rules.ts'
import type { BatchOptions } from '../wire/receipt.ts'
import type { VerifyOptions } from './verify-options.ts'

/** Options of `createLeasehold`. */
export interface LeaseholdOptions extends VerifyOptions {
  /** The primary: a configuration from which a pool is made, or a `pg.Pool` of yours, which you end yourself. */
  readonly primary: PoolOptions | PgPool
  /**
   * The pool of `system()`, with a login role of its own that may see the rows of every tenant. Never that of the application:
   * whoever could inject SQL there would have it too.
   */
  readonly system?: PoolOptions | PgPool
  /** Standbys that reads may go to. @default none: everything goes to the primary */
  readonly replicas?: readonly ReplicaOptions[]
  /** How reads find their replica: what `createRouter` gives. @default createRouter() */
  readonly router?: Router
  readonly tenant?: {
    /** The transaction-local setting that policies read. @default 'app.tenant_id' */
    readonly setting?: string
    /** What a tenant id looks like: `uuid`, `bigint`, `slug`, or a function of yours. @default uuid */
    readonly parse?: TenantParser
    /** The column that names the tenant of a row, by which {@link VerifyOptions.verifyOnStart} knows tables. @default 'tenant_id' */
    readonly column?: string
  }
  /** Further transaction-local settings that policies read, such as 'app.user_id'. Unset in a call, they are ''. */
  readonly settings?: readonly string[]
  /**
   * Whether statements are prepared, which saves the server parsing and planning them each time: `'auto'` finds out on each
   * connection whether names hold on it, as they do directly and behind pgbouncer 1.21 or later. @default 'auto'
   */
  readonly prepare?: Prepare
  /**
   * Whether batches of one round trip share connections: `true` has reads do so, so that a few connections serve hundreds of callers;
   * `'all'` has writes do so too, see {@link MultiplexOptions.writes}. Transactions never do. @default false
   */
  readonly multiplex?: boolean | 'all' | MultiplexOptions
  /** Milliseconds within which a call settles, waiting for a connection included. @default 30000 */
  readonly timeoutMs?: number
  /** Milliseconds that a call waits for a connection, at most. @default 5000 */
  readonly acquireTimeoutMs?: number
  /** How connections are shared between tenants, and how many callers may wait for one. */
  readonly admission?: AdmissionRules
  /** Plugins and log of the Kysely handles. */
  readonly kysely?: KyselyOptions
}

/** Options of one call for a tenant. */
export interface CallOptions extends ReadChoice, ReaderOptions {
  /** Values of declared settings. */
  readonly settings?: SettingValues
  /** Has PostgreSQL refuse every write with SQLSTATE 25006, and makes the call repeatable. @default false */
  readonly readOnly?: boolean
  /** Milliseconds within which the call settles. @default the option of createLeasehold */
  readonly timeoutMs?: number
  /**
   * Ends the call when it is aborted: it rejects with the signal's reason at once, and the statement that runs is cancelled.
   * What may have been committed is never cancelled. A write without a transaction that has been sent settles as it would
   * have without the signal; `withTenant` whose COMMIT has been sent rejects with {@link CommitUnknownError}.
   */
  readonly signal?: AbortSignal
}

/** Who reads, where no scope says so. With any of these the call is not of the scope around it, as far as tokens go. */
export interface ReaderOptions {
  /** Whom a token is given to, such as the id of a user or a session: nobody else can use it. @default '' */
  readonly subject?: string | undefined
  /** What was given to `onToken` before, so that this call sees no less. */
  readonly token?: string | undefined
  /** Is called with a token, at once, each time that more has been seen: after each write that was committed and each read. */
  readonly onToken?: ((token: string) => void) | undefined
  /** Is told of each read and write where it went, and why. */
  readonly onRoute?: ((route: Route) => void) | undefined
}

/** Options of `withTenant`. */
export interface TransactionOptions extends CallOptions, BatchOptions {
  /** @default 'read committed' */
  readonly isolation?: Isolation
  /**
   * Has PostgreSQL wait for a snapshot with which a serializable read-only transaction can neither fail nor make others
   * fail: for long reports. @default false
   */
  readonly deferrable?: boolean
  /**
   * Runs the callback again, from the start, when PostgreSQL ended its transaction with a serialization failure (40001) or a
   * deadlock (40P01), or the connection was lost under one that reads only: a number of attempts in all, or rules. Within the deadline of the call; never inside another
   * transaction, and never once the outcome of a commit is unknown. @default 1
   */
  readonly retry?: number | RetryRules
}

/** Narrows the options of a call to those with which it may write. */
export interface MayWrite {
  readonly readOnly?: false
  readonly route?: 'primary'
}
