import { createContextStatements } from './context/context-statement.ts'
import { orderSettingValues } from './context/settings.ts'
import { parseTenantId, type TenantId } from './context/tenant-id.ts'
import { ClosedError } from './errors/outcome.ts'
import type { CallOptions, LeaseholdOptions, TransactionOptions } from './options/options.ts'
import { type ResolvedOptions, resolveOptions, resolveTimeout } from './options/resolve-options.ts'
import { createPool } from './pool/create-pool.ts'
import { createTenantHandle, type TenantHandle } from './query/tenant-handle.ts'
import { type TenantCallback, withTenant } from './transaction/with-tenant.ts'
import type { TenantSource } from './wire/tenant-source.ts'

/** Tenant work on one PostgreSQL. Made by {@link createLeasehold}. */
export class Leasehold {
  readonly #options: ResolvedOptions
  readonly #source: TenantSource
  #closed = false

  /** @internal use {@link createLeasehold} */
  constructor(options: ResolvedOptions) {
    this.#options = options
    this.#source = Object.freeze({
      pool: 'pool' in options.primary ? options.primary.pool : createPool(options.primary.config),
      context: createContextStatements(options.tenantSetting, options.settings),
      defaultSettings: orderSettingValues(options.settings, undefined),
      acquireTimeoutMs: options.acquireTimeoutMs,
    })
  }

  /**
   * The handle of a tenant, for work of one round trip. Cheap: make one for each request.
   *
   * @throws {TenantRequiredError} {@link TenantInvalidError} {@link SettingInvalidError} {@link ConfigError} at once
   */
  tenant(id: TenantId, options: CallOptions = {}): TenantHandle {
    this.#refuseIfClosed()
    const { tenant, settings, readOnly, timeoutMs } = this.#resolveCall(id, options)
    const context = { tenant, readOnly, settings: settings ?? this.#source.defaultSettings }
    return createTenantHandle(this.#source, context, timeoutMs)
  }

  /**
   * Runs a callback in a transaction of a tenant: commits when it returns, rolls back when it throws.
   *
   * @throws whatever the callback throws, and the errors of `src/errors`, always as a rejection
   */
  async withTenant<T>(
    id: TenantId,
    callback: TenantCallback<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    this.#refuseIfClosed()
    const request = { ...this.#resolveCall(id, options), isolation: options.isolation }
    return withTenant(this.#source, request, callback)
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
 * @throws {ConfigError} when an option is invalid
 */
export function createLeasehold(options: LeaseholdOptions): Leasehold {
  return new Leasehold(resolveOptions(options))
}
