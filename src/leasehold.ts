import { checkHealth, type Health } from './check-health.ts'
import { rememberComposition } from './composition.ts'
import { type ContextTenant, NO_TENANT } from './context/no-tenant.ts'
import { parseTenantId, type TenantId } from './context/tenant-id.ts'
import { DatabaseForCache } from './database-for-cache.ts'
import { type DatabaseParts, openParts } from './database-parts.ts'
import { ConfigError } from './errors/config.ts'
import { MADE, type Made } from './made-here.ts'
import type { CallOptions, LeaseholdOptions, MayWrite, TransactionOptions } from './options/options.ts'
import { resolveCall, resolveTransaction } from './options/resolve-call.ts'
import { type ResolvedOptions, resolveOptions, resolveTimeout } from './options/resolve-options.ts'
import type {
  CloseOptions,
  CurrentOptions,
  ForEachTenantOptions,
  HealthOptions,
  RunOptions,
  SharedOptions,
  SystemOptions,
} from './options/scope-options.ts'
import type { PgPool } from './pool/pg-pool.ts'
import { ScopedWork } from './pool-facade/scoped-work.ts'
import { createTenantPool } from './pool-facade/tenant-pool.ts'
import type { TransactionRunner } from './query/statement-runner.ts'
import type { TenantCallback, TenantReadCallback } from './query/tenant-callback.ts'
import { createTenantHandle, type TenantHandle } from './query/tenant-handle.ts'
import type { TenantReadHandle } from './query/tenant-reader.ts'
import { createTenantTransaction, type TenantTransaction } from './query/tenant-transaction.ts'
import { runTransaction } from './router/run-routed.ts'
import type { ScopedReader } from './routes.ts'
import { runForTenants } from './run-for-tenants.ts'
import { chooseInScope } from './scope/choose-in-scope.ts'
import { runAsSystem } from './scope/run-as-system.ts'
import type { Scope } from './scope/scope.ts'
import { explainWriteIn } from './scope/write-in-read.ts'
import { Deadline } from './wire/deadline.ts'
import { type SourceSnapshot, snapshotSource } from './wire/source-snapshot.ts'
import type { TenantSource } from './wire/tenant-source.ts'

/** Tenant work on one PostgreSQL. Made by {@link createLeasehold}. */
export class Leasehold<DB = unknown> {
  readonly #parts: DatabaseParts

  /** @internal */
  get [MADE](): Made {
    return 'database'
  }

  /** @internal use {@link createLeasehold} */
  constructor(options: ResolvedOptions) {
    this.#parts = openParts(options)
    const { pool } = this.#parts
    rememberComposition(this, { ...options, pool, forCache: new DatabaseForCache(this.#parts) })
  }

  /**
   * The handle of a tenant, for work of one round trip. Cheap: make one for each request.
   *
   * @throws {TenantRequiredError} {@link TenantInvalidError} {@link SettingInvalidError} {@link ConfigError} at once
   */
  tenant(id: TenantId, options?: CallOptions & MayWrite): TenantHandle<DB>
  /** With `readOnly: true` the handle has no method that builds a write, and PostgreSQL refuses one in a text. */
  tenant(id: TenantId, options: CallOptions): TenantReadHandle<DB>
  tenant(id: TenantId, options: CallOptions = {}): TenantHandle<DB> {
    this.#parts.shutdown.refuseNewWork()
    return this.#handle(this.#parse(id), options)
  }

  /**
   * Runs a callback in a transaction of a tenant: commits when it returns, rolls back when it throws.
   *
   * @throws whatever the callback throws, and the errors of `src/errors`, always as a rejection
   */
  withTenant<T>(
    id: TenantId,
    callback: TenantCallback<T, DB>,
    options?: TransactionOptions & MayWrite,
  ): Promise<T>
  /** With `readOnly: true` the callback's `tx` has no method that builds a write. */
  withTenant<T>(id: TenantId, callback: TenantReadCallback<T, DB>, options: TransactionOptions): Promise<T>
  async withTenant<T>(
    id: TenantId,
    callback: TenantCallback<T, DB>,
    options: TransactionOptions = {},
  ): Promise<T> {
    this.#parts.shutdown.refuseNewWork(this.#source)
    const tenant = this.#parse(id)
    const request = { ...resolveTransaction(this.#parts.options, options), tenant }
    const routing = this.#parts.routes.of(tenant, options, this.#parts.scopes.find())
    return this.#parts.shutdown.track(() =>
      runTransaction(this.#source, request, routing, this.#working(callback)),
    )
  }

  /**
   * Runs a callback on behalf of a tenant: code that it calls, at any depth and after any `await`, finds the tenant by
   * {@link current}. For adapters and queue workers. Holds no connection.
   *
   * @throws {TenantMismatchError} inside the scope of another tenant; inside that of the same one it is allowed
   * @throws {TenantRequiredError} {@link TenantInvalidError} {@link SettingInvalidError} {@link ClosedError} at once; and
   *   whatever the callback throws
   */
  run<T>(scope: RunOptions, callback: () => T): T {
    this.#parts.shutdown.refuseNewWork()
    const tenant = this.#parse(scope.tenant)
    const { method, httpRoute, guard } = scope
    const { settings } = resolveCall(this.#parts.options, { settings: scope.settings })
    const reader = this.#parts.routes.scoped(tenant, scope, this.#parts.scopes.find())
    return this.#parts.scopes.run({ tenant, settings, method, httpRoute, reader, guard }, callback)
  }

  /**
   * The handle of the tenant that {@link run} was called for, with its settings. Reads only where the method of the scope is
   * one that reads.
   *
   * @throws {ScopeRequiredError} outside `run`
   * @throws {NestingError} `readOnly: false` was asked for in a scope that reads only
   */
  current(options?: CurrentOptions & MayWrite): TenantHandle<DB>
  current(options: CurrentOptions): TenantReadHandle<DB>
  current(options: CurrentOptions = {}): TenantHandle<DB> {
    this.#parts.shutdown.refuseNewWork()
    const scope = this.#parts.scopes.current()
    return this.#handle(scope.tenant, chooseInScope(scope.method, options), scope)
  }

  /**
   * A handle for when no tenant is known yet, as at login: the application's role, an empty tenant context, read only. It sees
   * tables without a tenant, and no row of those that have one.
   */
  shared(options: SharedOptions = {}): TenantReadHandle<DB> {
    this.#parts.shutdown.refuseNewWork()
    return this.#handle(NO_TENANT, { ...options, readOnly: true })
  }

  /**
   * A pool in the shape of `pg.Pool`, for an ORM on node-postgres: each call works for the tenant of the scope that it is made in,
   * so one instance serves all tenants. A statement is one tenant batch; BEGIN on a client opens a transaction of the tenant.
   *
   * `query` of the pool is a batch of its own, as that of {@link current} is, also inside {@link withTenant}; BEGIN of a client
   * joins the transaction around it, as `current().transaction()` does. Refused: LISTEN, SET and RESET of the session, PREPARE,
   * COPY, session-level advisory locks, several statements in one text, AND CHAIN, PREPARE TRANSACTION, BEGIN in a transaction, cursors
   * outside of one, and the connection itself; `docs/pool.md` says what to do instead.
   *
   * @typeParam Pool what the ORM takes, `pg.Pool`: found by itself where the call stands in the ORM's options
   * @throws {ClosedError}; calls of the pool reject with {@link ScopeRequiredError} outside a scope, and with the errors of `src/errors`
   */
  asPool<Pool = PgPool>(): Pool {
    this.#parts.shutdown.refuseNewWork()
    return createTenantPool(new ScopedWork(this.#parts)) as Pool
  }

  /**
   * Runs a callback in a transaction across tenants, over the pool of the option `system`. Publishes an audit event on
   * `leasehold:system` before and after.
   *
   * @throws {ReasonRequiredError} {@link ConfigError} without the option; and what {@link withTenant} throws, always as a
   *   rejection
   */
  system<T>(options: SystemOptions & MayWrite, callback: TenantCallback<T, DB>): Promise<T>
  system<T>(options: SystemOptions, callback: TenantReadCallback<T, DB>): Promise<T>
  async system<T>(options: SystemOptions, callback: TenantCallback<T, DB>): Promise<T> {
    const source = this.#parts.system?.source
    if (!source) {
      throw new ConfigError(
        'system() needs the option `system` of createLeasehold: a pool with a login role of its own.',
      )
    }
    this.#parts.shutdown.refuseNewWork(source)
    const request = { ...resolveTransaction(this.#parts.options, options), reason: options.reason }
    return this.#parts.shutdown.track(() => runAsSystem(source, request, this.#working(callback)))
  }

  /**
   * Runs a callback for each of many tenants, in a transaction each, some at a time. Takes the ids as it needs them, so they
   * may come from a cursor. A callback that fails is rolled back for its tenant alone; the others go on. Inside the
   * callback, {@link current} throws: work with `tx`.
   *
   * @throws {ForEachTenantError} once all have ended, where some failed
   * @throws {ConfigError}; and what stopped the run, as the signal or the source of ids, where none failed
   */
  async forEachTenant(
    ids: Iterable<TenantId> | AsyncIterable<TenantId>,
    options: ForEachTenantOptions,
    callback: (tx: TenantTransaction<DB>, id: TenantId) => Promise<unknown> | unknown,
  ): Promise<void> {
    const work = (runner: TransactionRunner, tenant: TenantId) =>
      callback(createTenantTransaction<DB>(this.#parts.kysely, runner), tenant)
    return runForTenants(this.#parts, ids, options, work)
  }

  /** How the pool of the primary stands; names as many as are asked for of the tenants with the most callers waiting. */
  pool(longestQueues = 0): SourceSnapshot {
    return snapshotSource(this.#source, longestQueues)
  }

  /** Whether the database answers. Never throws, and answers within its time. */
  async health({ timeoutMs }: HealthOptions = {}): Promise<Health> {
    return checkHealth(this.#source, timeoutMs)
  }

  /**
   * Refuses new work at once with `ClosedError`, lets work in flight end, and ends the pools that leasehold made. What
   * still runs after `drainMs` loses its connection. Further calls wait for the first.
   *
   * In flight are calls of `withTenant` and `system`, the tenants that `forEachTenant` works on, and single statements that
   * were sent or wait for a connection. A handle that was made before is new work when it is used.
   *
   * @throws {ConfigError}
   */
  async close({ drainMs }: CloseOptions = {}): Promise<void> {
    const limitMs = resolveTimeout(drainMs, 10_000, 'options.drainMs', 0)
    return this.#parts.shutdown.begin(new Deadline(limitMs))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  get #source(): TenantSource {
    return this.#parts.source
  }

  /** @param within the scope whose settings and intent the handle has */
  #handle(tenant: ContextTenant, options: CallOptions, within?: Scope<ScopedReader>): TenantHandle<DB> {
    const { readOnly, timeoutMs, signal, ...asked } = resolveCall(this.#parts.options, options)
    const settings = (within ? within.settings : asked.settings) ?? this.#source.defaultSettings
    const routing = this.#parts.routes.of(tenant, options, within ?? this.#parts.scopes.find())
    const rules = { timeoutMs, signal, routing, explain: within && explainWriteIn(within) }
    return createTenantHandle(this.#parts.kysely, this.#source, { tenant, readOnly, settings }, rules)
  }

  #working<T>(callback: TenantCallback<T, DB>) {
    return (runner: TransactionRunner) => callback(createTenantTransaction(this.#parts.kysely, runner))
  }

  #parse(id: unknown): TenantId {
    return parseTenantId(this.#parts.options.parseTenant, id)
  }
}

/**
 * Composes tenant work over a pool.
 *
 * @typeParam DB the tables, as Kysely has them; without it only texts can be sent
 * @throws {ConfigError} when an option is invalid
 */
export function createLeasehold<DB = unknown>(options: LeaseholdOptions): Leasehold<DB> {
  return new Leasehold(resolveOptions(options))
}
