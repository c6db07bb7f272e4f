import { quoteName } from '../../../sql/quote.ts'
import type { AuditRule, Found } from '../../audit-rule.ts'
import { revokesOf } from './revokes-of.ts'

interface Row {
  readonly name: string
  readonly app: string
  readonly is_login: boolean
  readonly kind: 'superuser' | 'bypassrls' | 'owner'
  readonly revokes: string | null
}

/**
 * Roles whose sessions know no policies, and roles that can do away with them: an owner can turn row security off or drop the
 * policies of a table, FORCEd or not, in one statement that an injection may hold.
 *
 * Superusers are past everything, so that nothing else is said of them. A membership without SET passes on no BYPASSRLS (ran on
 * 16 and 18), but it passes on ownership.
 */
export const loginRoleBypasses: AuditRule = {
  id: 'login-role-bypasses',
  title: 'The login role is past the policies, or can put itself past them',
  severity: 'error',
  find: async (subject) =>
    (await subject.rows<Row>(query(subject.serverVersion))).map((row) =>
      row.kind === 'owner' ? owner(row) : past(row),
    ),
}

function query(serverVersion: number): string {
  return `, past as (
  select oid, rolname as name, is_login, case when rolsuper then 'superuser' else 'bypassrls' end as kind
  from held_role where taken and (rolsuper or rolbypassrls)
), found as (
  select * from past
  union all
  select role.oid, role.rolname, role.is_login, 'owner'
  from held_role as role
  where role.oid in (
      select relation.owner from relation where kind in ('r', 'p') and not shared and (row_security or tenant is not null)
    )
    and not exists (select from past where past.oid = role.oid and past.kind = 'superuser')
)
select name, is_login, kind, (select app_role from given) as app,
  ${revokesOf('found.oid', serverVersion)} as revokes
from found order by is_login desc, name, kind`
}

function past({ name, app, is_login: isLogin, kind, revokes }: Row): Found {
  const attribute = kind === 'superuser' ? 'superuser' : 'BYPASSRLS'
  const what = kind === 'superuser' ? 'is a superuser' : 'has BYPASSRLS'
  return {
    object: name,
    message: isLogin
      ? `The application logs in as ${quoteName(name)}, which ${what}: PostgreSQL applies no policy to it.`
      : `${quoteName(app)} can become ${quoteName(name)}, which ${what}, by SET ROLE; then PostgreSQL applies no policy.`,
    fix: isLogin
      ? `Take the attribute ${attribute} from the role. Work across tenants belongs to another login role and another pool.`
      : 'End the membership; what the application needs of that role, grant it directly.',
    sql: isLogin
      ? `alter role ${quoteName(name)} ${kind === 'superuser' ? 'nosuperuser' : 'nobypassrls'};`
      : (revokes ?? undefined),
  }
}

function owner({ name, app, is_login: isLogin, revokes }: Row): Found {
  return {
    object: name,
    severity: 'warning',
    message:
      `${isLogin ? `The application logs in as ${quoteName(name)}, which` : `${quoteName(app)} is a member of ${quoteName(name)}, which`} owns tables of tenants. ` +
      'An owner can turn row security off, drop policies and truncate tables, forced or not.',
    fix: isLogin
      ? 'Give the tables to a role that nobody logs in as (REASSIGN OWNED, or ALTER TABLE ... OWNER TO), and grant the application what it needs.'
      : 'End the membership, and grant the application what it needs; let migrations log in as another role.',
    sql: isLogin ? undefined : (revokes ?? undefined),
  }
}
