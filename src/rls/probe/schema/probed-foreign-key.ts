/** A foreign key between two tables of tenants that does not hold within the tenant. */
export interface ProbedForeignKey {
  readonly name: string
  readonly columns: readonly string[]
  /** The table that it refers to: quoted, and to be shown. */
  readonly parent: string
  readonly parentObject: string
  /** Its tenant column, quoted, and that column's type. */
  readonly parentTenant: string
  readonly parentTenantType: string
  /** Columns that it refers to, quoted, in the order of `columns`. */
  readonly parentColumns: readonly string[]
  /** Whether the application may read those, and the tenant's. */
  readonly readable: boolean
}

/**
 * SQL for the foreign keys of `reachable` as a JSON array, without those of which the tenant columns are a pair: what such a key
 * refers to is always the tenant's own.
 */
export const FOREIGN_KEYS = `(
  select coalesce(jsonb_agg(jsonb_build_object(
    'name', con.conname, 'parent', parent.ident, 'parentObject', parent.object,
    'parentTenant', quote_ident(parent.tenant_name), 'parentTenantType', format_type(parent.tenant_type, -1),
    'columns', (
      select jsonb_agg(att.attname order by key.n) from unnest(con.conkey) with ordinality as key (number, n)
      join pg_attribute as att on att.attrelid = con.conrelid and att.attnum = key.number
    ),
    'parentColumns', (
      select jsonb_agg(quote_ident(att.attname) order by key.n)
      from unnest(con.confkey) with ordinality as key (number, n)
      join pg_attribute as att on att.attrelid = con.confrelid and att.attnum = key.number
    ),
    'readable', has_schema_privilege(reachable.app, parent.schema, 'USAGE') and (
      select bool_and(has_column_privilege(reachable.app, parent.oid, number, 'SELECT'))
      from unnest(con.confkey || parent.tenant) as key (number)
    )
  ) order by con.conname), '[]')
  from pg_constraint as con
  join tenant_table as parent on parent.oid = con.confrelid
  where con.conrelid = reachable.oid and con.contype = 'f' and reachable.tenant is not null
    -- A partition has its parent's keys, and a key to a partitioned table one more for each partition of that.
    and (con.conparentid = 0 or reachable.is_partition) and not parent.is_partition
    and not exists (
      select from unnest(con.conkey, con.confkey) as pair (child, parent)
      where pair.child = reachable.tenant and pair.parent = parent.tenant
    )
)`
