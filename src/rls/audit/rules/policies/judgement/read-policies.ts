import type { Expression } from '../../../../expression/expression.ts'
import { readExpression } from '../../../../expression/read-expression.ts'
import type { AuditSubject } from '../../../audit-subject.ts'
import type { Policy, PolicyCommand, PolicyPart, PolicyTable, TenantColumn } from './policy-table.ts'

interface PolicyRow {
  readonly table_oid: number
  readonly object: string
  readonly ident: string
  readonly table_name: string
  readonly tenant: TenantColumn | null
  readonly oid: number
  readonly name: string
  readonly permissive: boolean
  readonly command: PolicyCommand
  readonly roles: readonly string[]
  readonly reaches_app: boolean
  readonly using_text: string | null
  readonly using_tree: string | null
  readonly check_text: string | null
  readonly check_tree: string | null
}

/** Reads `pg_policy` itself, so that of thousands of tables only those with policies are looked at. */
const QUERY = `select relation.oid as table_oid, relation.object, relation.ident, relation.name as table_name,
  case when relation.tenant is not null and not relation.shared then jsonb_build_object('number', relation.tenant,
    'name', relation.tenant_name, 'type', base.oid::int8, 'typeName', format_type(base.oid, null),
    'required', (select attnotnull from pg_attribute where attrelid = relation.oid and attnum = relation.tenant)) end as tenant,
  pol.oid, pol.polname as name, pol.polpermissive as permissive, pol.polcmd::text as command,
  array(select rolname::text from pg_roles where pg_roles.oid = any (pol.polroles) order by rolname) as roles,
  0 = any (pol.polroles) or exists (select from held_role where held_role.oid = any (pol.polroles)) as reaches_app,
  pg_get_expr(pol.polqual, pol.polrelid) as using_text, pol.polqual::text as using_tree,
  pg_get_expr(pol.polwithcheck, pol.polrelid) as check_text, pol.polwithcheck::text as check_tree
from pg_policy as pol join relation on relation.oid = pol.polrelid
left join pg_type as type on type.oid = relation.tenant_type
left join pg_type as base on base.oid = coalesce(nullif(type.typbasetype, 0), type.oid)
order by relation.object, pol.polname`

/** Reads all tables that have policies, with their conditions as expressions. */
export async function readPolicies(subject: AuditSubject): Promise<readonly PolicyTable[]> {
  const read = expressionReader()
  const tables = Map.groupBy(await subject.rows<PolicyRow>(QUERY), (row) => row.table_oid)
  return [...tables].flatMap(([oid, rows]) => {
    const [first] = rows
    if (!first) return []
    const { object, ident, table_name: name, tenant } = first
    const policies = rows.map((row) => toPolicy(row, read))
    return [{ oid, object, ident, name, tenant: tenant ?? undefined, policies }]
  })
}

function toPolicy(row: PolicyRow, read: (tree: string) => Expression): Policy {
  const { oid, name, permissive, command, roles, reaches_app: reachesApp } = row
  const part = (
    side: PolicyPart['side'],
    text: string | null,
    tree: string | null,
  ): PolicyPart | undefined =>
    text === null || tree === null ? undefined : { side, text, expression: read(tree) }
  const using = part('using', row.using_text, row.using_tree)
  const check = part('check', row.check_text, row.check_tree)
  return { oid, name, permissive, command, roles, reachesApp, using, check }
}

/**
 * Many tables have the same policy, whose trees differ in nothing but where the words stood in the statement, which PostgreSQL 15 and
 * 16 keep: these become one object. Names in a tree have their spaces escaped, so no name looks like a location.
 */
function expressionReader(): (tree: string) => Expression {
  const known = new Map<string, Expression>()
  return (tree) => {
    const key = tree.replaceAll(/ :location -?\d+/g, '')
    const expression = known.get(key) ?? readExpression(key)
    known.set(key, expression)
    return expression
  }
}
