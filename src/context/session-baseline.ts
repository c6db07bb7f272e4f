import { joinSettings } from './session-guard.ts'

/** What a session of the pool's login role looks like before anyone has changed it. */
export interface SessionBaseline {
  readonly currentUser: string
  /** What {@link joinSettings} makes of its settings. */
  readonly settings: string
}

/**
 * Reads what a fresh session would look like, on a connection that may already be poisoned.
 *
 * `reset_val` is the value at connect, whatever SET has done since; `role` is not in `pg_settings`, so it is taken
 * from the settings of role and database, the most special first. `row_security` must always be on: off makes
 * PostgreSQL raise an error where a policy would apply.
 *
 * @see https://www.postgresql.org/docs/current/view-pg-settings.html
 * @see https://www.postgresql.org/docs/current/catalog-pg-db-role-setting.html
 */
export const SESSION_BASELINE: string = `select coalesce(nullif(configured.role, 'none'), session_user),
  ${joinSettings("'on'", 'path.reset_val')}
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
