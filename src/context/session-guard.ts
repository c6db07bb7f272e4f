/** What a poisoned session has that a fresh one has not. */
export interface PoisonReport {
  readonly poison: 'tenant' | 'session'
  /** The process id of the poisoned backend, for `pg_terminate_backend`. */
  readonly pid: number
}

/** What the guard returns for a sound session, as PostgreSQL prints a `tsquery`. */
export const SOUND = "'sound'"

/** The length of the tenant that was found, nothing or 0 where there was none; then the backend. */
const REPORT = /leasehold:poisoned:([0-9]*):([0-9]{1,10})/
/** SQLSTATE `syntax_error`: what reading a report as a `tsquery` raises. */
const SYNTAX_ERROR = '42601'

/**
 * An expression that fails if the session is not as at connect; `$1` and `$2` are the user and the settings of its
 * baseline.
 *
 * PostgreSQL prepares every part of an expression each time that the statement runs, also a part that it then does not reach,
 * and copies the statement's text as often. So what only a poisoned session needs is a query in a text, run by
 * `ts_rewrite`, which all servers have, and the names are those of functions, where qualified operators would be longer.
 * All are qualified: a poisoned search_path must not choose the functions that look for it. A strict function does not run
 * on NULL, which here says that nothing was found. The session's user is not looked at: only who logged in as a superuser can
 * change it, and that changes the current user too.
 *
 * @see https://www.postgresql.org/docs/current/textsearch-features.html#TEXTSEARCH-QUERY-REWRITING
 */
export function sessionGuard(tenantSetting: string): string {
  const tenant = `pg_catalog.current_setting('${tenantSetting}',true)`
  const isAsAtConnect = [
    'pg_catalog.nameeq(current_user,$1)',
    `pg_catalog.texteq(${joinSettings(setting('row_security'), setting('search_path'))},$2)`,
    `pg_catalog.texteq(coalesce(${tenant},''),'')`,
  ].join(' and ')
  const search =
    `case when ${isAsAtConnect} ` +
    `then case when pg_catalog.oideq(pg_catalog.pg_my_temp_schema(),0) then null else '${OF_TEMPORARY_OBJECTS}' end ` +
    `else '' end`
  const guard = `pg_catalog.ts_rewrite('sound',pg_catalog.textcat($guard$${report(tenant)}$guard$,${search}))`
  return `coalesce(${guard},'sound')`
}

/**
 * Joins the settings that say what a name means and whether policies apply. `on` and `off` do not begin alike, so that no two
 * sessions give the same text.
 */
export function joinSettings(rowSecurity: string, searchPath: string): string {
  return `pg_catalog.textcat(${rowSecurity},${searchPath})`
}

/** Reads the guard's failure out of an error of the server; `undefined` for every other error. */
export function readPoisonReport(error: { code?: unknown; message: string }): PoisonReport | undefined {
  if (error.code !== SYNTAX_ERROR) return undefined
  const [, tenantLength, pid] = REPORT.exec(error.message) ?? []
  if (pid === undefined) return undefined
  return { poison: Number(tenantLength) > 0 ? 'tenant' : 'session', pid: Number(pid) }
}

/**
 * Leaves of the report one row for each temporary object: one hides the table of its name, and holds rows that no policy
 * guards. Those of a transaction that drops them on commit are gone by now, and only their schema is left. 2615 is the
 * OID of `pg_namespace` on every server.
 */
const OF_TEMPORARY_OBJECTS =
  ' from pg_catalog.pg_depend where pg_catalog.oideq(refclassid,2615)' +
  ' and pg_catalog.oideq(refobjid,pg_catalog.pg_my_temp_schema())'

/**
 * A query whose cast fails, and whose error carries the backend's pid out: behind a pooler the next message may reach
 * another backend. Of the tenant that was left it says no more than the length.
 */
function report(tenant: string): string {
  const found = `'leasehold:poisoned:',pg_catalog.length(${tenant}),':',pg_catalog.pg_backend_pid()`
  return `select pg_catalog.concat(${found})::pg_catalog.tsquery,null::pg_catalog.tsquery`
}

function setting(name: string): string {
  return `pg_catalog.current_setting('${name}')`
}
