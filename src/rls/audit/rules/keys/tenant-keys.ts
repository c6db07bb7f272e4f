/** A unique or exclusion index on a table of tenants that has no plain tenant column among what it compares. */
export interface UnscopedKey {
  /** `schema.index`. */
  readonly object: string
  readonly indexOid: number
  /** Quoted. */
  readonly schema: string
  /** Quoted, with and without the schema. */
  readonly index: string
  readonly indexName: string
  readonly indexBareName: string
  readonly table: string
  readonly tableName: string
  readonly tenantName: string
  /** The tenant column, quoted. */
  readonly tenant: string
  readonly partitioned: boolean
  /** `pg_constraint.contype`, or NULL for an index that is no constraint's. */
  readonly kind: 'p' | 'u' | 'x' | null
  /** The constraint's name, quoted. */
  readonly constraint: string | null
  readonly constraintDefinition: string | null
  readonly deferrable: boolean
  readonly initiallyDeferred: boolean
  readonly indexDefinition: string
  /** How the definition begins, up to the first column. */
  readonly indexPrefix: string
  /** Access method, quoted. */
  readonly method: string
  /** What is compared, as PostgreSQL prints it. */
  readonly columns: readonly string[]
  readonly columnNames: readonly string[]
  readonly predicate: string | null
  readonly replicaIdentity: boolean
  /** Foreign keys that refer to it. */
  readonly referrers: number
  /** The access method can compare tenants for equality with what is installed. */
  readonly comparesTenants: boolean
  /** The application may choose a value of it. */
  readonly writable: boolean
}

/**
 * Gives one {@link UnscopedKey} a row. An index that belongs to a partitioned table's is not looked at, and INCLUDE columns are
 * not compared.
 *
 * @see https://www.postgresql.org/docs/current/index-unique-checks.html
 */
export const UNSCOPED_KEYS = `, referred as materialized (
    select conindid, count(*)::int as count from pg_constraint where contype = 'f' and conparentid = 0 group by conindid
  ), equality as (
    select amopopr from pg_amop where amopmethod = (select oid from pg_am where amname = 'btree') and amopstrategy = 3
  )
  select tenant_table.schema || '.' || class.relname as object, class.oid as "indexOid",
    format('%I.%I', tenant_table.schema, class.relname) as index, quote_ident(class.relname) as "indexName",
    class.relname as "indexBareName", quote_ident(tenant_table.schema) as schema,
    tenant_table.ident as table, tenant_table.name as "tableName", tenant_table.tenant_name as "tenantName",
    quote_ident(tenant_table.tenant_name) as tenant, class.relkind = 'I' as partitioned,
    con.contype::text as kind, quote_ident(con.conname) as constraint, pg_get_constraintdef(con.oid) as "constraintDefinition",
    coalesce(con.condeferrable, false) as deferrable, coalesce(con.condeferred, false) as "initiallyDeferred",
    pg_get_indexdef(class.oid) as "indexDefinition",
    format('CREATE UNIQUE INDEX %I ON %s%s USING %I (', class.relname, case class.relkind when 'I' then 'ONLY ' else '' end,
      tenant_table.ident, method.amname) as "indexPrefix",
    quote_ident(method.amname) as method,
    array(select pg_get_indexdef(class.oid, n, false) from generate_series(1, index.indnkeyatts) as n) as columns,
    array(
      select coalesce(att.attname, 'expr') from generate_series(0, index.indnkeyatts - 1) as n
      left join pg_attribute as att on att.attrelid = index.indrelid and att.attnum = index.indkey[n] order by n
    )::text[] as "columnNames",
    pg_get_expr(index.indpred, index.indrelid) as predicate, index.indisreplident as "replicaIdentity",
    coalesce(referred.count, 0) as referrers,
    exists (
      select from pg_opclass where opcmethod = method.oid and opcintype = tenant_table.tenant_type and opcdefault
    ) as "comparesTenants",
    exists (
      select from app_role, generate_series(0, index.indnkeyatts - 1) as n
      where has_schema_privilege(app_role.oid, tenant_table.schema, 'USAGE') and case index.indkey[n]
        when 0 then has_any_column_privilege(app_role.oid, tenant_table.oid, 'INSERT, UPDATE')
        else has_column_privilege(app_role.oid, tenant_table.oid, index.indkey[n], 'INSERT, UPDATE') end
    ) as writable
  from tenant_table
  join pg_index as index on index.indrelid = tenant_table.oid and (index.indisunique or index.indisexclusion) and index.indisready
  join pg_class as class on class.oid = index.indexrelid and not class.relispartition
  join pg_am as method on method.oid = class.relam
  left join pg_constraint as con
    on con.conrelid = tenant_table.oid and con.conindid = index.indexrelid and con.contype in ('p', 'u', 'x')
  left join referred on referred.conindid = class.oid
  where case con.contype
    -- An exclusion constraint holds within a tenant where it compares tenants by equality, and across them by another operator.
    when 'x' then not exists (
      select from unnest(con.conkey, con.conexclop) as part (att, op)
      where part.att = tenant_table.tenant and part.op in (select amopopr from equality)
    )
    else not tenant_table.tenant = any ((index.indkey::int2[])[0:index.indnkeyatts - 1]) end
  order by tenant_table.object, class.relname`
