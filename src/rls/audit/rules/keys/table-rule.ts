import { type AuditRule, catalogRule } from '../../audit-rule.ts'

interface Rule {
  readonly object: string
  readonly name: string
  readonly drop: string
  readonly owner: string
  /** Row security does not hold for the owner on something that the rule uses. */
  readonly exempt: boolean
}

/**
 * What a rule adds to a statement is done with the rights of the table's owner, and so under the owner's policies; of a
 * view too, whether it is security_invoker or not, as that is for its SELECT rule only. A rule that does nothing, or is
 * disabled, is harmless.
 *
 * @see https://www.postgresql.org/docs/current/rules-privileges.html
 */
export const tableRule: AuditRule = catalogRule<Rule>({
  id: 'table-rule',
  title: 'A rule rewrites statements on a table of tenants',
  severity: 'warning',
  query: `, used as (
      select rule.oid, tenant_table.row_security and tenant_table.forced as held, tenant_table.owner
      from pg_rewrite as rule
      join pg_depend as dependency on dependency.classid = 'pg_rewrite'::regclass and dependency.objid = rule.oid
        and dependency.refclassid = 'pg_class'::regclass
      join tenant_table on tenant_table.oid = dependency.refobjid
      where rule.ev_type <> '1'
    )
    select relation.object || '.' || rule.rulename as object, rule.rulename as name, owner.rolname as owner,
      format('drop rule %I on %s', rule.rulename, relation.ident) as drop,
      owner.rolsuper or owner.rolbypassrls
        or exists (select from used where used.oid = rule.oid and not used.held and pg_has_role(owner.oid, used.owner, 'USAGE')) as exempt
    from pg_rewrite as rule join relation on relation.oid = rule.ev_class
    join pg_roles as owner on owner.oid = relation.owner
    -- 1 is SELECT; D is disabled, R fires on replicas of logical replication only.
    where rule.ev_type <> '1' and rule.ev_enabled in ('O', 'A') and exists (select from used where used.oid = rule.oid)
      -- 7 is CMD_NOTHING in PostgreSQL 15 to 18.
      and not (rule.ev_action::text ~ '^\\(\\{QUERY :commandType 7 ' and rule.ev_qual::text !~ 'SUBLINK')
    order by relation.object, rule.rulename`,
  report: ({ object, name, drop, owner, exempt }) => ({
    object,
    severity: exempt ? 'error' : undefined,
    message: exempt
      ? `The rule ${name} does its work with the rights of ${owner}, whom row security does not hold: it reads and writes rows of all tenants.`
      : `The rule ${name} does its work with the rights of ${owner}, not of who runs the statement: should row security ever not hold the owner, it reads and writes rows of all tenants.`,
    fix: `Do it in a trigger, whose function runs with the rights of who writes, or in the application; then: ${drop}`,
  }),
})
