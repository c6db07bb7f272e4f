import type { TenantId } from './context/tenant-id.ts'
import { createLeasehold, Leasehold } from './leasehold.ts'
import type { TransactionOptions } from './options/options.ts'
import type { PgPool } from './pool/pg-pool.ts'
import type { TenantCallback } from './transaction/with-tenant.ts'

const composed = new WeakMap<PgPool, Leasehold>()

/**
 * Runs a callback in a transaction of a tenant, over a `pg.Pool` that already exists or what `createLeasehold` made.
 *
 * Over a bare pool the tenant setting is `app.tenant_id` and tenant ids are uuids; for others use `createLeasehold`.
 *
 * @throws whatever the callback throws, and the errors of `src/errors`, always as a rejection
 */
export async function withTenant<T>(
  db: PgPool | Leasehold,
  id: TenantId,
  callback: TenantCallback<T>,
  options?: TransactionOptions,
): Promise<T> {
  const leasehold = db instanceof Leasehold ? db : compose(db)
  return leasehold.withTenant(id, callback, options)
}

/** One for each pool, so that a nested call finds the transaction around it. */
function compose(pool: PgPool): Leasehold {
  const known = composed.get(pool)
  if (known) return known
  const made = createLeasehold({ primary: pool })
  composed.set(pool, made)
  return made
}
