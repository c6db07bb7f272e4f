import type pg from 'pg'
import { readCatalog } from '../../../../src/partitioning/catalog/read-catalog.ts'
import type { EventsDatabase } from './events-database.ts'

/** All that the catalog and the ledger say, without what differs from run to run: oids and times. */
export async function fingerprint({ admin, set }: EventsDatabase): Promise<unknown> {
  const { tables, prepared, schemas, defaultPrivileges } = await readCatalog(admin, set)
  return JSON.parse(
    JSON.stringify({ tables, prepared, schemas, defaultPrivileges }, (key, value: unknown) => {
      if (key === 'oid' || key === 'definition') return undefined
      if (key === 'detachedAtUs' || key === 'dropAfterUs') return value === undefined ? undefined : 'set'
      if (Array.isArray(value) && ['leaves', 'loose', 'ledger'].includes(key))
        return sorted(value as readonly object[])
      return typeof value === 'bigint' ? String(value) : value
    }),
  )
}

function sorted(list: readonly object[]): readonly object[] {
  const nameOf = (each: object) =>
    String('partition' in each ? each.partition : 'name' in each ? each.name : '')
  return list.toSorted((one, other) => nameOf(one).localeCompare(nameOf(other)))
}

/** Every row, wherever it lies: through the table, under a pending detach, or detached. */
export async function allRows(admin: pg.Client): Promise<{ readonly rows: number; readonly digest: string }> {
  const { rows: tables } = await admin.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public_parts', 'public_detached') and c.relkind = 'r' order by 1`,
  )
  const all = tables.map(({ name }) => `select n, tenant_id from only ${name}`).join(' union all ')
  const { rows } = await admin.query<{ rows: number; digest: string }>(
    `select count(*)::int as rows, coalesce(md5(string_agg(n || ' ' || tenant_id, ',' order by n)), '') as digest from (${all || 'select 0 as n, null::uuid as tenant_id where false'}) as everything`,
  )
  return rows[0] ?? { rows: 0, digest: '' }
}

/** Detaches that are pending now. */
export async function pendingDetaches(admin: pg.Client): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(
    'select count(*)::int as n from pg_inherits where inhdetachpending',
  )
  return rows[0]?.n ?? 0
}
