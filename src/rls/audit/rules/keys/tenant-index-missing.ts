import { type AuditRule, catalogRule } from '../../audit-rule.ts'

interface Lacking {
  readonly object: string
  readonly ident: string
  readonly column: string
  /** How many partitions lack one; 0 where the table itself does. */
  readonly partitions: number
  /** Its primary key lacks the tenant too, and will begin with it once that is mended. */
  readonly keyed: boolean
}

/**
 * Every statement under row security has the condition on the tenant, so an index for it is needed on each table that
 * holds rows. A partial index does not serve: not every query implies its predicate.
 *
 * @see https://www.postgresql.org/docs/current/indexes-multicolumn.html which index uses which of its columns
 */
export const tenantIndexMissing: AuditRule = catalogRule<Lacking>({
  id: 'tenant-index-missing',
  title: 'No index begins with the tenant column',
  severity: 'warning',
  query: `, indexed as (
      select index.indrelid from pg_index as index
      join tenant_table on tenant_table.oid = index.indrelid
      join pg_class as class on class.oid = index.indexrelid
      join pg_am as method on method.oid = class.relam
      where index.indisvalid and index.indpred is null and case
        when method.amname = 'btree' then index.indkey[0] = tenant_table.tenant
        else method.amname <> 'brin' and tenant_table.tenant = any ((index.indkey::int2[])[0:index.indnkeyatts - 1]) end
    ), lacking as (
      select case when is_partition then pg_partition_root(oid)::oid else oid end as root, is_partition from tenant_table
      where oid not in (select indrelid from indexed)
        and (kind = 'r' or not is_partition and not exists (select from pg_inherits where inhparent = tenant_table.oid))
    )
    select object, ident, format('%I', tenant_name) as column, (count(*) filter (where lacking.is_partition))::int as partitions,
      exists (
        select from pg_index as key where key.indrelid = tenant_table.oid and key.indisprimary
          and not tenant_table.tenant = any ((key.indkey::int2[])[0:key.indnkeyatts - 1])
      ) as keyed
    from lacking join tenant_table on tenant_table.oid = lacking.root
    where exists (
      select from app_role where has_schema_privilege(app_role.oid, tenant_table.schema, 'USAGE')
        and has_any_column_privilege(app_role.oid, tenant_table.oid, 'SELECT')
    )
    group by tenant_table.oid, object, ident, tenant_name, tenant order by object`,
  report: ({ object, ident, column, partitions, keyed }) => ({
    object,
    message: `${partitions > 0 ? `${partitions === 1 ? 'One partition has' : `${partitions} partitions have`}` : 'The table has'} no index for the condition on the tenant, which every statement carries: each reads the rows of all tenants.`,
    fix: keyed
      ? `Let the primary key begin with the tenant (key-across-tenants), or: create index on ${ident} (${column})`
      : `create index on ${ident} (${column}), or with the further columns that queries of one tenant name. On a live table that is not partitioned: create index concurrently.`,
    // The primary key's own finding gives an index that serves; this one would be a second.
    sql: keyed ? undefined : `create index on ${ident} (${column});`,
  }),
})
