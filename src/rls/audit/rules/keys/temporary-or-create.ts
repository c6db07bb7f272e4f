import type { AuditRule, Found } from '../../audit-rule.ts'
import type { AuditSubject } from '../../audit-subject.ts'
import { schemasOfPath } from './search-path.ts'

interface Place {
  readonly name: string
  readonly ident: string
  /** TEMPORARY, CREATE. */
  readonly privileges: readonly string[]
  /** To whom, quoted. */
  readonly grantees: readonly string[]
  /** The role of the application that owns it, quoted. */
  readonly owner: string | null
  readonly byOwner: boolean
}

/** A superuser has all privileges anyway, which another rule says. */
const HOLDERS = `, holder as (select oid from app_role where not rolsuper), place_owner as (
    -- Owning a database is membership in pg_database_owner, which owns the schema public since PostgreSQL 15.
    select oid from holder
    union all select 'pg_database_owner'::regrole from pg_database
      where datname = current_database() and datdba in (select oid from holder)
  )`

const place = (name: string, ident: string, owner: string, acl: string) => `
    ${name}::text as name, ${ident} as ident,
    array(select distinct privilege_type from aclexplode(${acl}) where (grantee = 0 or grantee in (select oid from holder))
      and grantee <> ${owner} and privilege_type in ('TEMPORARY', 'CREATE') order by 1) as privileges,
    array(select distinct case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end from aclexplode(${acl})
      where (grantee = 0 or grantee in (select oid from holder)) and grantee <> ${owner}
      and privilege_type in ('TEMPORARY', 'CREATE') order by 1) as grantees,
    case when ${owner} in (select oid from place_owner) then quote_ident(pg_get_userbyid(${owner})) end as owner,
    not exists (select from aclexplode(${acl}) where (grantee = 0 or grantee in (select oid from holder))
      and privilege_type in ('TEMPORARY', 'CREATE') and grantor <> ${owner}) as "byOwner"`

const DATABASE = `${HOLDERS} select ${place('datname', 'quote_ident(datname)', 'datdba', "coalesce(datacl, acldefault('d', datdba))")}
  from pg_database where datname = current_database()`

const SCHEMAS = `${HOLDERS} select ${place('nspname', 'quote_ident(nspname)', 'nspowner', "coalesce(nspacl, acldefault('n', nspowner))")}
  from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' order by nspname`

/**
 * The search_path that the application's role begins a session with: what was set for it in this database, for it, for the database, for
 * all; else the server's. The server's is not known where whoever audits has a search_path of their own.
 */
const SEARCH_PATH = `select coalesce((
    select substr(entry, length('search_path=') + 1) from pg_db_role_setting as setting, unnest(setting.setconfig) as entry
    where entry like 'search\\_path=%' and setting.setrole in (0, (select oid from app_role where is_login))
      and setting.setdatabase in (0, (select oid from pg_database where datname = current_database()))
    order by setting.setrole <> 0 desc, setting.setdatabase <> 0 desc limit 1
  ), (
    select case when exists (
      select from pg_db_role_setting as setting, unnest(setting.setconfig) as entry
      where entry like 'search\\_path=%' and setting.setrole = (select oid from pg_roles where rolname = session_user)
    ) then boot_val else reset_val end
    from pg_settings where name = 'search_path'
  )) as path`

/**
 * What can be made may be made under the name of a table, and is found in its place: a temporary table by all who get the same server
 * connection from a pooler in transaction mode, one in a schema of the search_path by all tenants.
 *
 * @see https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATTERNS
 */
export const temporaryOrCreate: AuditRule = {
  id: 'temporary-or-create',
  title: 'The application may make objects that stand in for tables',
  severity: 'warning',
  find: async (subject) => {
    const path = await searchPath(subject)
    const databases = await subject.rows<Place>(DATABASE)
    const schemas = await subject.rows<Place>(SCHEMAS)
    return [
      ...databases.filter(isOpen).map(reportDatabase),
      ...schemas.filter((schema) => isOpen(schema) && path.includes(schema.name)).map(reportSchema),
    ]
  },
}

async function searchPath(subject: AuditSubject): Promise<readonly string[]> {
  const [row] = await subject.rows<{ path: string }>(SEARCH_PATH)
  return schemasOfPath(row?.path ?? '', subject.options.appRole)
}

const isOpen = ({ privileges, owner }: Place) => privileges.length > 0 || owner !== null

function reportDatabase({ name, ident, privileges, grantees, owner, byOwner }: Place): Found {
  const held = owner === null ? privileges : ['CREATE', 'TEMPORARY']
  const holders = [...grantees, ...(owner === null ? [] : [`${owner}, its owner`])].join(' and ')
  const temporary =
    'A temporary table stays on its server connection and hides the real one of that name: behind a pooler in transaction mode the next tenant reads and writes it.'
  const create =
    'A schema that has the name of the role comes first in the default search_path, and its tables hide the real ones from all tenants.'
  const revoke = `revoke ${privileges.join(', ').toLowerCase()} on database ${ident} from ${grantees.join(', ')}`
  return {
    object: 'database',
    message: `The database ${name} lets the application create objects (${held.join(', ')}: ${holders}). ${[
      ...(held.includes('TEMPORARY') ? [temporary] : []),
      ...(held.includes('CREATE') ? [create] : []),
    ].join(' ')}`,
    fix:
      owner === null
        ? revoke
        : `Let a role that nobody logs in as own it: alter database ${ident} owner to ..., then revoke temporary, create from public.`,
    sql: owner === null && byOwner ? `${revoke};` : undefined,
  }
}

function reportSchema({ name, ident, grantees, owner, byOwner }: Place): Found {
  const holders = [...grantees, ...(owner === null ? [] : [`${owner}, its owner`])].join(' and ')
  return {
    object: name,
    message: `The application may create in the schema ${name}, which is in its search_path (${holders}): a table or function that it makes there stands in for another of that name, for all tenants, and row security does not hold the owner of what it made.`,
    fix:
      owner === null
        ? `revoke create on schema ${ident} from ${grantees.join(', ')}`
        : `Let a role that nobody logs in as own it: alter schema ${ident} owner to ...`,
    sql:
      owner === null && byOwner ? `revoke create on schema ${ident} from ${grantees.join(', ')};` : undefined,
  }
}
