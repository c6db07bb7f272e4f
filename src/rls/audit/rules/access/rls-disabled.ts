import { type AuditRule, catalogRule } from '../../audit-rule.ts'

/** Without row security a table shows every row to whoever may read it. What it was split into is for `partition-exposed` to judge. */
export const rlsDisabled: AuditRule = catalogRule<{ object: string; ident: string }>({
  id: 'rls-disabled',
  title: 'A table of tenants has row security turned off',
  severity: 'error',
  query: `select object, ident from tenant_table where not row_security and not is_partition
  and not exists (select from pg_catalog.pg_policy where polrelid = tenant_table.oid)
  and not exists (
    select from pg_catalog.pg_inherits as link join tenant_table as parent on parent.oid = link.inhparent
    where link.inhrelid = tenant_table.oid
  )
order by object`,
  report: ({ object, ident }) => ({
    object,
    message: 'The table has the tenant column, but row security is off, so that every row is seen by all.',
    fix: 'Turn row security on and add the canonical policies: `leasehold rls generate`.',
    sql: `alter table ${ident} enable row level security;\nalter table ${ident} force row level security;`,
  }),
})
