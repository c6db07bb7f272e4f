/** A privilege on a table of tenants that the application's role was granted, itself or as one of its roles or PUBLIC. */
export interface TableGrant {
  /** The table, or the root where it is a partition. */
  readonly object: string
  /** The table itself, quoted. */
  readonly ident: string
  readonly partition: boolean
  readonly privilege: 'UPDATE' | 'TRUNCATE' | 'REFERENCES' | 'TRIGGER' | 'MAINTAIN'
  /** To whom, quoted. */
  readonly grantee: string
  /** On which column, quoted; NULL where on the whole table. */
  readonly column: string | null
  /** Whether that is the tenant column. */
  readonly tenant: boolean
  /** The tenant column, quoted. */
  readonly tenantColumn: string
  /** The table's other columns, quoted and separated by commas, for UPDATE; NULL where there are none. */
  readonly otherColumns: string | null
  /** REVOKE by the owner or a superuser takes back only what the owner granted. */
  readonly byOwner: boolean
}

/**
 * Grants, not effective privileges: an owner and a superuser have them all and can take none from themselves, which is
 * for other rules to say.
 *
 * Gives one {@link TableGrant} a row.
 *
 * @see https://www.postgresql.org/docs/current/ddl-priv.html
 */
export const TABLE_GRANTS = `, reached as (
    select space.nspname from pg_namespace as space
    where exists (select from app_role where has_schema_privilege(app_role.oid, space.oid, 'USAGE'))
  ), held as (
    select tenant_table.oid, acl.*, null::name as column, false as tenant
    from tenant_table join pg_class as class on class.oid = tenant_table.oid, aclexplode(class.relacl) as acl
    union all
    select tenant_table.oid, acl.*, att.attname, att.attnum = tenant_table.tenant
    from tenant_table join pg_attribute as att on att.attrelid = tenant_table.oid and att.attacl is not null,
      aclexplode(att.attacl) as acl
  )
  select space.nspname || '.' || root.relname as object, tenant_table.ident, tenant_table.is_partition as partition, held.privilege_type as privilege,
    case held.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(held.grantee)) end as grantee,
    quote_ident(held.column) as column, held.tenant, quote_ident(tenant_table.tenant_name) as "tenantColumn",
    case when held.privilege_type = 'UPDATE' then (
      select string_agg(quote_ident(other.attname), ', ' order by other.attnum) from pg_attribute as other
      where other.attrelid = tenant_table.oid and other.attnum > 0 and not other.attisdropped and other.attnum <> tenant_table.tenant
    ) end as "otherColumns",
    held.grantor = tenant_table.owner as "byOwner"
  from held join tenant_table on tenant_table.oid = held.oid
  join pg_class as root
    on root.oid = case when tenant_table.is_partition then pg_partition_root(tenant_table.oid)::oid else tenant_table.oid end
  join pg_namespace as space on space.oid = root.relnamespace
  where (held.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')
      -- Partitions that rows can be written to are partition-exposed.
      or held.privilege_type = 'UPDATE' and not tenant_table.is_partition)
    and (held.grantee = 0 or held.grantee in (select oid from held_role)) and held.grantee <> tenant_table.owner
    and tenant_table.schema in (select nspname from reached)
    and space.nspname || '.' || root.relname <> all ((select shared from given)::text[])
  order by 1, tenant_table.is_partition, tenant_table.object, held.grantee, held.privilege_type, held.column`
