import { type AuditRule, catalogRule, type Found } from '../../audit-rule.ts'
import { listed } from './judgement/describe.ts'

interface Row {
  readonly object: string
  readonly part: 'missed' | 'narrowed' | 'exempt'
  readonly policy: string | null
  readonly roles: readonly string[]
  readonly commands: readonly string[]
}

/**
 * The first part: commands that the login role may run and for which there are policies, none of them for it. Like `check_role_for_policy`,
 * it counts roles whose privileges the login role has, and not those that it would have to become.
 *
 * The second: tables whose policies only narrow, so that none lets a row through. Those without any policy are not told from
 * partitions, which are to have none.
 *
 * The third: policies for roles that no policy holds.
 */
const QUERY = `, login as (
  select oid, rolname from app_role where is_login and not rolsuper and not rolbypassrls
), named as (
  select pol.polrelid, pol.polname, pol.polpermissive, pol.polcmd, pol.polroles, role.rolname::text,
    role.rolsuper or role.rolbypassrls as exempt
  from pg_policy as pol join pg_roles as role on role.oid = any (pol.polroles)
), missed as (
  select named.polrelid, want.privilege, array_agg(distinct named.rolname order by named.rolname) as roles
  from named join (values ('r', 'SELECT'), ('a', 'INSERT'), ('w', 'UPDATE'), ('d', 'DELETE')) as want(command, privilege)
    on named.polcmd in (want.command, '*')
  where named.polpermissive and not exists (
    select from pg_policy as other, login
    where other.polrelid = named.polrelid and other.polpermissive and other.polcmd in (want.command, '*')
      and exists (select from unnest(other.polroles) as role where role = 0 or pg_has_role(login.oid, role, 'USAGE')))
  group by named.polrelid, want.privilege
)
select relation.object, 'missed' as part, null as policy, missed.roles, array_agg(missed.privilege order by missed.privilege) as commands
from missed join relation on relation.oid = missed.polrelid join pg_class as class on class.oid = relation.oid, login
where has_schema_privilege(login.oid, class.relnamespace, 'USAGE')
  and (has_table_privilege(login.oid, class.oid, missed.privilege)
    or has_any_column_privilege(login.oid, class.oid, nullif(missed.privilege, 'DELETE')))
group by relation.object, missed.roles
union all
select relation.object, 'narrowed', null, '{}', array_agg(want.privilege order by want.privilege)
from relation cross join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) as want(privilege), login
where relation.row_security and not relation.is_partition
  and exists (
    select from pg_policy as pol
    where pol.polrelid = relation.oid
      and exists (select from unnest(pol.polroles) as role where role = 0 or pg_has_role(login.oid, role, 'USAGE')))
  and not exists (select from pg_policy as pol where pol.polrelid = relation.oid and pol.polpermissive)
  and has_schema_privilege(login.oid, relation.schema, 'USAGE')
  and (has_table_privilege(login.oid, relation.oid, want.privilege)
    or has_any_column_privilege(login.oid, relation.oid, nullif(want.privilege, 'DELETE')))
group by relation.object
union all
select relation.object, 'exempt', named.polname, array_agg(named.rolname order by named.rolname), '{}'
from named join relation on relation.oid = named.polrelid where named.exempt
group by relation.object, named.polname
order by 1, 3 nulls first, 5`

/** A policy for the wrong role shows nothing where rows should be, and holds nobody whom it should hold. */
export const policyMissesRole: AuditRule = catalogRule<Row>({
  id: 'policy-misses-role',
  title: 'No policy lets the login role through, or one is for roles that it does not reach',
  severity: 'warning',
  query: QUERY,
  report: (row, { options }) => {
    if (row.part === 'narrowed') return reportNarrowed(row, options.appRole)
    return row.policy === null ? reportMissed(row, options.appRole) : reportExempt(row, row.policy)
  },
})

function reportMissed({ object, roles, commands }: Row, appRole: string): Found {
  return {
    object,
    message: `${appRole} may ${listed(commands)}, but the policies for that are for ${listed(roles)} only, whose privileges it does not have: it finds no rows, and no error says why.`,
    fix: `Name ${appRole} in the policies, or take the privilege away.`,
  }
}

function reportNarrowed({ object, commands }: Row, appRole: string): Found {
  return {
    object,
    message: `${appRole} may ${listed(commands)}, but all policies of the table are restrictive, which only narrow what others let through: it finds no rows, and no error says why.`,
    fix: 'Add the policy that lets the rows of the tenant through (`leasehold rls generate`), or take the privilege away.',
  }
}

function reportExempt({ object, roles }: Row, policy: string): Found {
  return {
    object,
    message: `The policy ${JSON.stringify(policy)} is for ${listed(roles)}, past whom no policy stands (SUPERUSER or BYPASSRLS): it holds nothing.`,
    fix: 'Take the attribute from the role, or the role out of the policy.',
  }
}
