/** What a session of the pool's login role looks like before anyone has changed it. */
export interface SessionBaseline {
  /** In the form of {@link sessionSignature}, with no tenant. */
  readonly signature: string
}

/**
 * Not empty when the session has temporary objects: one hides the table of its name, and holds rows that no policy guards.
 * Those of a transaction that drops them on commit are gone by now.
 */
const TEMPORARY_OBJECTS =
  'case when pg_catalog.pg_my_temp_schema() operator(pg_catalog.=) 0::pg_catalog.oid ' +
  "then '' else (select '|temporary objects' from pg_catalog.pg_depend " +
  "where refclassid operator(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass " +
  'and refobjid operator(pg_catalog.=) pg_catalog.pg_my_temp_schema() limit 1) end'

/**
 * The session's signature: what must be as it was at connect for a tenant context to be set.
 *
 * The tenant comes first, so that a value left in it can never be read as part of the rest; `concat` reads NULL
 * as ''. Every name is qualified: a poisoned search_path must not choose the functions that look for it.
 */
export function sessionSignature(tenantSetting: string): string {
  return signatureOf(
    `pg_catalog.current_setting('${tenantSetting}', true)`,
    "pg_catalog.current_setting('role')",
    "pg_catalog.current_setting('row_security')",
    `pg_catalog.current_setting('search_path'), ${TEMPORARY_OBJECTS}`,
  )
}

/**
 * Reads the signature that a fresh session would have, on a connection that may already be poisoned.
 *
 * `reset_val` is the value at connect, whatever SET has done since; `role` is not in `pg_settings`, so it is taken
 * from the settings of role and database, the most special first. `row_security` must always be on: off makes
 * PostgreSQL raise an error where a policy would apply.
 *
 * @see https://www.postgresql.org/docs/current/view-pg-settings.html
 * @see https://www.postgresql.org/docs/current/catalog-pg-db-role-setting.html
 */
export const SESSION_BASELINE: string = `select ${signatureOf("''", "coalesce(configured.role, 'none')", "'on'", 'path.reset_val')}
from pg_catalog.pg_settings as path
left join lateral (
  select pg_catalog.substr(entry, 6) as role
  from pg_catalog.pg_db_role_setting as setting, pg_catalog.unnest(setting.setconfig) as entry
  where entry operator(pg_catalog.~~) 'role=%'
    and setting.setrole operator(pg_catalog.=) any (array[0::pg_catalog.oid, (
      select oid from pg_catalog.pg_roles where rolname operator(pg_catalog.=) session_user
    )])
    and setting.setdatabase operator(pg_catalog.=) any (array[0::pg_catalog.oid, (
      select oid from pg_catalog.pg_database where datname operator(pg_catalog.=) pg_catalog.current_database()
    )])
  order by setting.setrole operator(pg_catalog.<>) 0::pg_catalog.oid desc, setting.setdatabase operator(pg_catalog.<>) 0::pg_catalog.oid desc
  limit 1
) as configured on true
where path.name operator(pg_catalog.=) 'search_path'`

function signatureOf(tenant: string, role: string, rowSecurity: string, searchPath: string): string {
  return `pg_catalog.concat(${tenant}, '|', ${role}, '|', session_user, '|', ${rowSecurity}, '|', ${searchPath})`
}
