import { quoteName, quoteText } from '../../../sql/quote.ts'
import type { AuditRule, Found } from '../../audit-rule.ts'
import { revokesOf } from './revokes-of.ts'
import { FILE_FUNCTIONS, SERVER_ROLES } from './server-privileges.ts'

interface Row {
  readonly kind: 'role' | 'replication' | 'createrole' | 'function'
  /** The role, or the function. */
  readonly name: string
  readonly app: string
  readonly is_login: boolean
  /** The statements that take it from the login role, where it is that role's alone. */
  readonly revokes: string | null
}

/** Ways around the tables: the log of changes, the server's files and programs, and everybody's statements. */
export const loginRolePrivileged: AuditRule = {
  id: 'login-role-privileged',
  title: 'The login role may do things on the server that go around policies',
  severity: 'error',
  find: async (subject) => {
    const rows = await subject.rows<Row>(privilegeQuery(subject.serverVersion))
    return rows.map((row) => report(row, subject.serverVersion))
  },
}

function report(row: Row, serverVersion: number): Found {
  switch (row.kind) {
    case 'role':
      return membership(row)
    case 'replication':
      return {
        object: row.name,
        message: `${bearer(row)} has REPLICATION: it can copy the whole server, and read every change from the log, where there are no policies.`,
        fix: 'Take the attribute away. Replication logs in as a role of its own.',
        sql: row.is_login ? `alter role ${quoteName(row.name)} noreplication;` : undefined,
      }
    case 'createrole':
      return createRole(row, serverVersion)
    case 'function':
      return {
        object: row.name,
        message: `${quoteName(row.app)} may execute ${row.name}, which opens the files of the server: those of tables hold their rows, and know no policies.`,
        fix: 'Revoke EXECUTE on the function, as PostgreSQL has it by itself.',
        sql: row.revokes ?? undefined,
      }
  }
}

function membership({ name, app, revokes }: Row): Found {
  const { severity, allows } = SERVER_ROLES[name] ?? { severity: 'error', allows: 'is not known here' }
  return {
    object: name,
    severity,
    message: `${quoteName(app)} is a member of ${name}, which ${allows}.`,
    fix: 'End the membership. What needs it serves no tenant, and logs in as another role.',
    sql: revokes ?? undefined,
  }
}

/** Until PostgreSQL 15 it was nearly superuser; since 16 it reaches the roles that it has made, or has ADMIN of (ran on 15, 16, 18). */
function createRole(row: Row, serverVersion: number): Found {
  const isWeak = serverVersion >= 160_000
  return {
    object: row.name,
    severity: isWeak ? 'warning' : 'error',
    message: isWeak
      ? `${bearer(row)} has CREATEROLE: it can make login roles, which stay when the intruder who used it is found.`
      : `${bearer(row)} has CREATEROLE: before PostgreSQL 16 it can make itself a member of every role that is no superuser, ` +
        'those with BYPASSRLS and pg_execute_server_program among them.',
    fix: 'Take the attribute away. Roles are made by migrations, which log in as another role.',
    sql: row.is_login ? `alter role ${quoteName(row.name)} nocreaterole;` : undefined,
  }
}

function bearer({ name, app, is_login: isLogin }: Row): string {
  return isLogin ? quoteName(app) : `${quoteName(app)} can become ${quoteName(name)}, which`
}

/** A role that is told already by one of which it is a part, as pg_read_all_stats is of pg_monitor, is left out. */
function privilegeQuery(serverVersion: number): string {
  return `, known as (
  select oid, rolname from pg_catalog.pg_roles where rolname in (${list(Object.keys(SERVER_ROLES))})
), file_function as (
  select proc.oid, proc.oid::pg_catalog.regprocedure::text as name, pg_catalog.array_agg(entry.grantee) as grantees
  from pg_catalog.pg_proc as proc cross join pg_catalog.aclexplode(proc.proacl) as entry
  where proc.pronamespace = 'pg_catalog'::pg_catalog.regnamespace and proc.proname in (${list(FILE_FUNCTIONS)})
    and entry.privilege_type = 'EXECUTE'
    and (entry.grantee = 0 or entry.grantee in (select held_role.oid from held_role))
    and not exists (select from held_role where taken and rolsuper)
  group by proc.oid
), login as (
  select oid, rolname as name from held_role where is_login
)
select 'role' as kind, known.rolname::text as name, login.name::text as app, false as is_login, ${revokesOf('known.oid', serverVersion)} as revokes
from login, known join held_role on held_role.oid = known.oid
where exists (
  select from pg_catalog.pg_auth_members as member
  where member.roleid = known.oid and member.member in (select held_role.oid from held_role)
    and not member.member in (select outer_known.oid from known as outer_known)
)
union all
select attribute.kind, held_role.rolname, login.name, held_role.is_login, null
from login, held_role cross join lateral (values ('replication', rolreplication), ('createrole', rolcreaterole)) as attribute (kind, present)
where attribute.present and held_role.taken and not held_role.rolsuper
union all
select 'function', file_function.name, login.name, true, case when grantees <@ array[0::pg_catalog.oid, login.oid] then
    pg_catalog.format('revoke execute on function %s from %I, public;', file_function.name, login.name) end
from file_function, login
order by kind, name`
}

function list(names: readonly string[]): string {
  return names.map(quoteText).join(', ')
}
