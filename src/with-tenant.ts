import type { TenantId } from './context/tenant-id.ts'
import { createLeasehold, type Leasehold } from './leasehold.ts'
import { isMade } from './made-here.ts'
import type { MayWrite, TransactionOptions } from './options/options.ts'
import type { PgPool } from './pool/pg-pool.ts'
import type { TenantCallback, TenantReadCallback } from './query/tenant-callback.ts'

const composed = new WeakMap<PgPool, Leasehold>()

/**
 * Runs a callback in a transaction of a tenant, over a `pg.Pool` that already exists or what `createLeasehold` made.
 *
 * Over a bare pool the tenant setting is `app.tenant_id` and tenant ids are uuids; for others use `createLeasehold`. The first use of
 * the pool costs one more round trip, which makes sure that row security holds for its login role; to do without, hand over
 * `createLeasehold({ primary: pool, verifyOnStart: false })` in its place.
 *
 * @throws whatever the callback throws, and the errors of `src/errors`, always as a rejection
 */
export function withTenant<T, DB = unknown>(
  db: PgPool | Leasehold<DB>,
  id: TenantId,
  callback: TenantCallback<T, DB>,
  options?: TransactionOptions & MayWrite,
): Promise<T>
/** With `readOnly: true` the callback's `tx` has no method that builds a write. */
export function withTenant<T, DB = unknown>(
  db: PgPool | Leasehold<DB>,
  id: TenantId,
  callback: TenantReadCallback<T, DB>,
  options: TransactionOptions,
): Promise<T>
export async function withTenant<T, DB>(
  db: PgPool | Leasehold<DB>,
  id: TenantId,
  callback: TenantCallback<T, DB>,
  options: TransactionOptions = {},
): Promise<T> {
  const leasehold = isMade('database', db) ? (db as Leasehold<DB>) : compose<DB>(db as PgPool)
  return leasehold.withTenant(id, callback, options as TransactionOptions & MayWrite)
}

/** One for each pool, so that a nested call finds the transaction around it. The tables are a matter of types alone. */
function compose<DB>(pool: PgPool): Leasehold<DB> {
  const known = composed.get(pool)
  if (known) return known as Leasehold<DB>
  const made = createLeasehold<DB>({ primary: pool })
  composed.set(pool, made as Leasehold)
  return made
}
