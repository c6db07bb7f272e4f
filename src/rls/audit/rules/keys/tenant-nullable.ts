import { type AuditRule, catalogRule } from '../../audit-rule.ts'

/**
 * A row whose tenant is NULL belongs to nobody: the canonical policy hides it from all, and a policy with a branch for
 * NULL shows it to all. A domain or a validated CHECK keeps NULL out as well as NOT NULL does.
 */
export const tenantNullable: AuditRule = catalogRule<{
  object: string
  ident: string
  column: string
  name: string
}>({
  id: 'tenant-nullable',
  title: 'The tenant column accepts NULL',
  severity: 'warning',
  query: `select tenant_table.object, tenant_table.ident, tenant_table.tenant_name as name, format('%I', tenant_table.tenant_name) as column
    from tenant_table
    join pg_attribute as tenant on tenant.attrelid = tenant_table.oid and tenant.attnum = tenant_table.tenant
    join pg_type as type on type.oid = tenant.atttypid
    where not tenant.attnotnull and not type.typnotnull and not tenant_table.is_partition
      and not exists (
        select from pg_constraint as checked
        where checked.conrelid = tenant_table.oid and checked.contype = 'c' and checked.convalidated
          and pg_get_expr(checked.conbin, checked.conrelid) = format('(%I IS NOT NULL)', tenant_table.tenant_name)
      )
    order by tenant_table.object`,
  report: ({ object, ident, column, name }) => ({
    object,
    message: `The column ${name} accepts NULL. A row without a tenant is lost to the one that it belongs to, and is seen by all where a policy lets NULL pass.`,
    fix: `Give rows without a tenant one, then: alter table ${ident} alter column ${column} set not null`,
    sql: `alter table ${ident} alter column ${column} set not null;`,
  }),
})
