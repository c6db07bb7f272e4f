import type pg from 'pg'

/** Tenants by the type of their key: one's own, another, and the one that schemas fall back on. */
export const TENANTS = {
  uuid: {
    own: 'aaaaaaaa-0000-4000-8000-00000000000a',
    foreign: 'bbbbbbbb-0000-4000-8000-00000000000b',
    fallback: '00000000-0000-4000-8000-000000000001',
  },
  text: { own: 'a', foreign: 'b', fallback: 'c' },
  number: { own: '1', foreign: '2', fallback: '3' },
} as const

export type TenantNames = (typeof TENANTS)[keyof typeof TENANTS]

/** A table of tenants that was filled with a row of each. */
export interface FilledTable {
  readonly ident: string
  readonly column: string
  readonly tenants: TenantNames
}

/** Something for a column to hold, by what begins the name of its type. */
const VALUES: readonly (readonly [type: string, value: unknown])[] = [
  ['uuid', 'cccccccc-0000-4000-8000-00000000000c'],
  ['bool', true],
  ['int', 1],
  ['numeric', 1],
  ['timestamp', null],
]

/** Puts a row of each tenant into every table that has such a column, past all policies. */
export async function fillTables(admin: pg.Client, tenantColumn: string): Promise<readonly FilledTable[]> {
  const { rows } = await admin.query<{
    ident: string
    column: string
    columns: { name: string; type: string }[]
  }>(
    `select format('%I.%I', space.nspname, class.relname) as ident, tenant.attname as column,
       (select jsonb_agg(jsonb_build_object('name', att.attname, 'type', base.typname))
         from pg_attribute as att join pg_type as typ on typ.oid = att.atttypid
         join pg_type as base on base.oid = coalesce(nullif(typ.typbasetype, 0), typ.oid)
         where att.attrelid = class.oid and att.attnum > 0) as columns
     from pg_class as class join pg_namespace as space on space.oid = class.relnamespace
     join pg_attribute as tenant on tenant.attrelid = class.oid and tenant.attname = $1
     where class.relkind in ('r', 'p') and not class.relispartition`,
    [tenantColumn],
  )
  for (const { ident, column, columns } of rows) {
    const tenants = namesFor(columns, column)
    for (const tenant of Object.values(tenants)) {
      const values = columns.map(({ name, type }) => {
        const value = VALUES.find(([start]) => type.startsWith(start))
        return [name, name === column ? tenant : value ? value[1] : 'x'] as const
      })
      await admin.query(`insert into ${ident} select (jsonb_populate_record(null::${ident}, $1)).*`, [
        JSON.stringify({ ...Object.fromEntries(values), at: '2026-05-05' }),
      ])
    }
  }
  return rows.map(({ ident, column, columns }) => ({ ident, column, tenants: namesFor(columns, column) }))
}

function namesFor(columns: readonly { name: string; type: string }[], column: string): TenantNames {
  const type = columns.find(({ name }) => name === column)?.type ?? ''
  if (type === 'uuid') return TENANTS.uuid
  return type.startsWith('int') ? TENANTS.number : TENANTS.text
}
