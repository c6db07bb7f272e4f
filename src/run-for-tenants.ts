import { parseTenantId, type TenantId } from './context/tenant-id.ts'
import type { DatabaseParts } from './database-parts.ts'
import { resolveTransaction } from './options/resolve-call.ts'
import { resolveConcurrency } from './options/resolve-options.ts'
import type { ForEachTenantOptions } from './options/scope-options.ts'
import type { TransactionRunner } from './query/statement-runner.ts'
import { forEachTenant } from './scope/for-each-tenant.ts'
import { withTenant } from './transaction/with-tenant.ts'

/**
 * Runs work for each of many tenants on the primary, in a transaction each, outside of the caller's scope.
 *
 * @throws {ForEachTenantError} {@link ConfigError} {@link ClosedError}
 */
export function runForTenants(
  { options, source, scopes, shutdown }: DatabaseParts,
  ids: Iterable<TenantId> | AsyncIterable<TenantId>,
  { concurrency, stopOnError = false, ...rules }: ForEachTenantOptions,
  work: (runner: TransactionRunner, tenant: TenantId) => unknown,
): Promise<void> {
  shutdown.refuseNewWork()
  const asked = resolveTransaction(options, rules)
  const run = {
    concurrency: resolveConcurrency(concurrency),
    stopOnError,
    mayStart: () => {
      shutdown.refuseNewWork()
      asked.signal?.throwIfAborted()
    },
    parse: (id: unknown) => parseTenantId(options.parseTenant, id),
  }
  return shutdown.track(() =>
    forEachTenant(ids, run, (tenant) =>
      scopes.leave(() => withTenant(source, { ...asked, tenant }, async (tx) => work(tx, tenant))),
    ),
  )
}
