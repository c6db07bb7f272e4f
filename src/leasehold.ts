import { createContextStatements } from './context/context-statement.ts'
import { orderSettingValues } from './context/settings.ts'
import { parseTenantId, type TenantId } from './context/tenant-id.ts'
import { ClosedError } from './errors/outcome.ts'
import type { CallOptions, LeaseholdOptions, MayWrite, TransactionOptions } from './options/options.ts'
import { type ResolvedOptions, resolveOptions, resolveTimeout } from './options/resolve-options.ts'
import { createPool } from './pool/create-pool.ts'
import { PoolGate } from './pool/gate.ts'
import { createKyselyParts, type KyselyParts } from './query/kysely-parts.ts'
import type { TransactionRunner } from './query/statement-runner.ts'
import type { TenantCallback, TenantReadCallback } from './query/tenant-callback.ts'
import { createTenantHandle, type TenantHandle } from './query/tenant-handle.ts'
import type { TenantReadHandle } from './query/tenant-reader.ts'
import { createTenantTransaction } from './query/tenant-transaction.ts'
import { withTenant } from './transaction/with-tenant.ts'
import { StatementNames } from './wire/statement-names.ts'
import type { TenantSource } from './wire/tenant-source.ts'

/** Tenant work on one PostgreSQL. Made by {@link createLeasehold}. */
export class Leasehold<DB = unknown> {
  readonly #options: ResolvedOptions
  readonly #kysely: KyselyParts
  readonly #source: TenantSource
  #closed = false

  /** @internal use {@link createLeasehold} */
  constructor(options: ResolvedOptions) {
    this.#options = options
    this.#kysely = createKyselyParts(options.kysely)
    const pool = 'pool' in options.primary ? options.primary.pool : createPool(options.primary.config)
    this.#source = Object.freeze({
      pool,
      admission: new PoolGate(pool, options.admission),
      context: createContextStatements(options.tenantSetting, options.settings),
      defaultSettings: orderSettingValues(options.settings, undefined),
      acquireTimeoutMs: options.acquireTimeoutMs,
      prepare: options.prepare,
      statementNames: new StatementNames(),
    })
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
    this.#refuseIfClosed()
    const { tenant, settings, readOnly, timeoutMs } = this.#resolveCall(id, options)
    const context = { tenant, readOnly, settings: settings ?? this.#source.defaultSettings }
    return createTenantHandle(this.#kysely, this.#source, context, timeoutMs)
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
    this.#refuseIfClosed()
    const { isolation, deferrable, retry, signal } = options
    const request = { ...this.#resolveCall(id, options), isolation, deferrable, retry, signal }
    const work = (runner: TransactionRunner) => callback(createTenantTransaction(this.#kysely, runner))
    return withTenant(this.#source, request, work)
  }

  /** Ends the pool, if leasehold made it, once its connections have been returned. Calling it again does nothing. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    if ('config' in this.#options.primary) await this.#source.pool.end()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #resolveCall(id: unknown, { settings, readOnly = false, timeoutMs }: CallOptions) {
    return {
      tenant: parseTenantId(this.#options.parseTenant, id),
      settings: settings && orderSettingValues(this.#options.settings, settings),
      readOnly,
      timeoutMs: resolveTimeout(timeoutMs, this.#options.timeoutMs, 'options.timeoutMs'),
    }
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw new ClosedError('The database object was used after close(); nothing was sent.')
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
