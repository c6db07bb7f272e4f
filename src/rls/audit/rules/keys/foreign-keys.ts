/** A foreign key to a table of tenants through which rows of two tenants meet, or by which a row loses its tenant. */
export interface ForeignKey {
  /** `schema.table.constraint`. */
  readonly object: string
  /** Quoted, as are all names but those that end in `Name` or `Names`. */
  readonly constraint: string
  readonly constraintName: string
  readonly child: string
  readonly childTenant: string | null
  readonly childShared: boolean
  readonly childPartitioned: boolean
  readonly parent: string
  readonly parentName: string
  readonly parentTenant: string
  readonly parentTenantName: string
  /** The key that it refers to. */
  readonly indexOid: number
  /** Separated by commas. */
  readonly columns: string
  readonly parentColumns: string
  readonly parentColumnNames: readonly string[]
  readonly width: number
  /** Whether a column of the key other than the tenant's may be NULL. */
  readonly nullable: boolean
  readonly definition: string
  /** How the definition begins, up to the end of the referenced columns. */
  readonly prefix: string
  readonly validated: boolean
  /** `pg_constraint.confdeltype` and `confupdtype`. */
  readonly onDelete: 'a' | 'r' | 'c' | 'n' | 'd'
  readonly onUpdate: 'a' | 'r' | 'c' | 'n' | 'd'
  /** ON DELETE SET NULL or SET DEFAULT names its columns. */
  readonly sets: boolean
  /** The columns without the tenant's; NULL where there are none. */
  readonly settable: string | null
  /** Rows of two tenants meet: it does not compare their tenants. */
  readonly crosses: boolean
  /** The tenant and the referenced columns make a key that can be referred to already. */
  readonly hasScopedKey: boolean
  /** The columns of the new key would be distinct and of fitting types. */
  readonly canBeScoped: boolean
  /** The application may write the referring columns. */
  readonly writable: boolean
  /** The application may delete or change what is referred to. */
  readonly movable: boolean
}

const mayDo = (table: string, columns: string) => `exists (
    select from app_role where has_schema_privilege(app_role.oid, ${table}.schema, 'USAGE') and ${columns}
  )`

/**
 * Gives one {@link ForeignKey} a row. Foreign keys are checked, and their actions done, without row security.
 *
 * Rows of `pg_constraint` that PostgreSQL made for partitions have a parent there and are not looked at.
 *
 * @see https://www.postgresql.org/docs/current/ddl-rowsecurity.html
 */
export const FOREIGN_KEYS: string = `, foreign_key as (
    select con.*, child.tenant as child_tenant,
      not exists (
        select from unnest(con.conkey, con.confkey) as pair (child, parent)
        where pair.child = child.tenant and pair.parent = parent.tenant
      ) as crosses
    from pg_constraint as con
    join relation as child on child.oid = con.conrelid and (child.tenant is not null or child.shared)
    join tenant_table as parent on parent.oid = con.confrelid
    where con.contype = 'f' and con.conparentid = 0
      -- Since PostgreSQL 18 one may be NOT ENFORCED, and does nothing then.
      and coalesce((to_jsonb(con) ->> 'conenforced')::boolean, true)
  )
  select child.object || '.' || con.conname as object, quote_ident(con.conname) as constraint, con.conname as "constraintName",
    child.ident as child, quote_ident(child.tenant_name) as "childTenant", child.shared as "childShared",
    child.kind = 'p' as "childPartitioned", parent.ident as parent, parent.name as "parentName",
    quote_ident(parent.tenant_name) as "parentTenant", parent.tenant_name as "parentTenantName", con.conindid as "indexOid",
    names.columns, names.parents as "parentColumns", names."parentNames" as "parentColumnNames", cardinality(con.conkey) as width,
    names.nullable, names.settable, pg_get_constraintdef(con.oid) as definition,
    format('FOREIGN KEY (%s) REFERENCES %s(%s)', names.columns, parent.ident, names.parents) as prefix,
    con.convalidated as validated, con.confdeltype::text as "onDelete", con.confupdtype::text as "onUpdate",
    con.confdelsetcols is not null as sets, con.crosses,
    exists (
      select from pg_index as index
      where index.indrelid = parent.oid and index.indisunique and index.indimmediate and index.indisvalid and index.indpred is null
        and index.indnkeyatts = cardinality(con.confkey) + 1
        and (index.indkey::int2[])[0:index.indnkeyatts - 1] @> (con.confkey || parent.tenant)
    ) as "hasScopedKey",
    child.tenant is not null and child.tenant_type = parent.tenant_type
      and not child.tenant = any (con.conkey) and not parent.tenant = any (con.confkey) as "canBeScoped",
    ${mayDo('child', `exists (select from unnest(con.conkey) as att where has_column_privilege(app_role.oid, child.oid, att, 'INSERT, UPDATE'))`)} as writable,
    ${mayDo(
      'parent',
      `(has_table_privilege(app_role.oid, parent.oid, 'DELETE')
      or exists (select from unnest(con.confkey) as att where has_column_privilege(app_role.oid, parent.oid, att, 'UPDATE')))`,
    )} as movable
  from foreign_key as con
  join relation as child on child.oid = con.conrelid
  join relation as parent on parent.oid = con.confrelid
  cross join lateral (
    select string_agg(quote_ident(own.attname), ', ' order by pair.n) as columns,
      string_agg(quote_ident(own.attname), ', ' order by pair.n) filter (where own.attnum is distinct from con.child_tenant) as settable,
      string_agg(quote_ident(other.attname), ', ' order by pair.n) as parents,
      array_agg(other.attname::text order by pair.n) as "parentNames",
      bool_or(not own.attnotnull and own.attnum is distinct from con.child_tenant) as nullable
    from unnest(con.conkey, con.confkey) with ordinality as pair (child, parent, n)
    join pg_attribute as own on own.attrelid = con.conrelid and own.attnum = pair.child
    join pg_attribute as other on other.attrelid = con.confrelid and other.attnum = pair.parent
  ) as names
  where con.crosses or (
    (con.confupdtype = 'n' or con.confdeltype = 'n' and (con.confdelsetcols is null or con.child_tenant = any (con.confdelsetcols)))
    and exists (
      select from pg_attribute as own where own.attrelid = con.conrelid and own.attnum = con.child_tenant and not own.attnotnull
    )
  )
  order by child.object, con.conname`
