import { setTimeout as sleep } from 'node:timers/promises'
import { PartitionBusyError } from '../../errors/partition.ts'
import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'

const LOOK_EVERY_MS = 100

const TABLES = `select space.nspname || '.' || class.relname as table, class.oid::pg_catalog.int8::text as oid
from pg_catalog.pg_class as class join pg_catalog.pg_namespace as space on space.oid = class.relnamespace
where space.nspname || '.' || class.relname = any ($1::text[]) and class.relkind in ('p', 'r') order by class.oid`

const KEY = "pg_catalog.hashtextextended('leasehold:part:' || $1::text, 0)"

const HOLDER = `select pid from pg_catalog.pg_locks cross join lateral (select ${KEY} as key) as wanted
where locktype = 'advisory' and objsubid = 1 and granted
  and database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
  and classid::pg_catalog.int8 = (key >> 32) & 4294967295 and objid::pg_catalog.int8 = key & 4294967295`

/** How the lock of a table is taken. */
export interface RunLockOptions {
  /** `session` on the connection that sends the DDL, so that a backend whose client is gone still keeps other runs out. */
  readonly scope: 'session' | 'transaction'
  readonly waitMs: number
}

/**
 * Takes the lock against other runs, of each table, in the order of their oids.
 *
 * @param tables `schema.name`, unquoted; one that does not exist has no lock
 * @returns the oids whose locks are held, for {@link releaseRunLocks}
 * @throws {PartitionBusyError} where another run holds one; then none is held
 */
export async function takeRunLocks(
  client: CatalogClient,
  tables: readonly string[],
  { scope, waitMs }: RunLockOptions,
): Promise<readonly string[]> {
  const { rows } = await client.query(TABLES, [[...new Set(tables)]])
  const taken: string[] = []
  for (const { table, oid } of rows as readonly { readonly table: string; readonly oid: string }[]) {
    if (!(await takeLock(client, oid, { scope, waitMs }))) {
      const holder = await holderOf(client, oid)
      if (scope === 'session') await releaseRunLocks(client, taken)
      throw new PartitionBusyError(table, holder)
    }
    taken.push(oid)
  }
  return taken
}

/** Gives locks of the session back. */
export async function releaseRunLocks(client: CatalogClient, oids: readonly string[]): Promise<void> {
  for (const oid of oids) await client.query(`select pg_catalog.pg_advisory_unlock(${KEY})`, [oid])
}

async function takeLock(
  client: CatalogClient,
  oid: string,
  { scope, waitMs }: RunLockOptions,
): Promise<boolean> {
  const take = scope === 'session' ? 'pg_try_advisory_lock' : 'pg_try_advisory_xact_lock'
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const { rows } = await client.query(`select pg_catalog.${take}(${KEY}) as taken`, [oid])
    const [answer] = rows as readonly { readonly taken: boolean }[]
    if (answer?.taken) return true
    if (waitedMs >= waitMs) return false
    await sleep(LOOK_EVERY_MS)
  }
}

async function holderOf(client: CatalogClient, oid: string): Promise<number | undefined> {
  const { rows } = await client.query(HOLDER, [oid])
  const [answer] = rows as readonly { readonly pid: number }[]
  return answer?.pid
}
