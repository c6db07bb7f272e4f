import { type SettingChange, settingChangesWithin } from '../../../source/setting-changes.ts'
import { quoteName } from '../../../sql/quote.ts'
import type { AuditRule, Found } from '../../audit-rule.ts'
import type { AuditSubject } from '../../audit-subject.ts'

interface Row {
  readonly object: string
  readonly ident: string
  readonly config: readonly string[] | null
  readonly body: string | null
}

/**
 * Functions that the application can run, by EXECUTE or by a trigger, and whose text can hold a change of a setting.
 * Bodies in standard SQL are kept as a tree, and printed by pg_get_function_sqlbody; C functions have no text.
 */
const QUERY = `, watched as (
  select pg_catalog.lower(name) as name,
    pg_catalog.lower(pg_catalog.split_part(name, '.', -1)) as last
  from given, pg_catalog.unnest(given.tenant_setting || given.settings || '{row_security}'::text[]) as name
), candidate as (
  select proc.oid, proc.proname, proc.pronamespace, proc.proconfig, proc.proargtypes,
    coalesce(pg_catalog.pg_get_function_sqlbody(proc.oid), proc.prosrc) as body
  from pg_catalog.pg_proc as proc
  join pg_catalog.pg_namespace as space on space.oid = proc.pronamespace
  join pg_catalog.pg_language as lang on lang.oid = proc.prolang and lang.lanname not in ('c', 'internal')
  where space.nspname !~ '^pg_' and space.nspname <> 'information_schema'
    and (proc.proconfig is not null or proc.prosqlbody is not null or proc.prosrc ~* '\\mset')
    and not exists (
      select from pg_catalog.pg_depend as owned
      where owned.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and owned.objid = proc.oid and owned.deptype = 'e'
    )
)
select space.nspname || '.' || candidate.proname || '(' || pg_catalog.oidvectortypes(candidate.proargtypes) || ')' as object,
  candidate.oid::pg_catalog.regprocedure::text as ident, candidate.proconfig as config, candidate.body
from candidate join pg_catalog.pg_namespace as space on space.oid = candidate.pronamespace
where exists (
  select from watched where pg_catalog.strpos(pg_catalog.lower(candidate.body), watched.last) > 0
    or exists (
      select from pg_catalog.unnest(candidate.proconfig) as item
      where pg_catalog.lower(pg_catalog.split_part(item, '=', 1)) = watched.name
    )
) and (
  exists (
    select from app_role where pg_catalog.has_schema_privilege(app_role.oid, space.oid, 'USAGE')
      and pg_catalog.has_function_privilege(app_role.oid, candidate.oid, 'EXECUTE')
  )
  or exists (
    select from pg_catalog.pg_trigger as fired
    where fired.tgfoid = candidate.oid and not fired.tgisinternal and fired.tgenabled <> 'D'
  )
) order by object`

/** A function that changes whose rows are seen does so behind the back of whatever set the tenant. */
export const functionSetsContext: AuditRule = {
  id: 'function-sets-context',
  title: 'A function changes the tenant under its caller',
  severity: 'error',
  find: async (subject) => (await subject.rows<Row>(QUERY)).flatMap((row) => report(row, subject)),
}

function report(row: Row, { options }: AuditSubject): readonly Found[] {
  const context = [options.tenantSetting, ...options.settings].map((name) => name.toLowerCase())
  const watched = new Set([...context, 'row_security'])
  const fixed = (row.config ?? [])
    .map((item) => item.slice(0, item.indexOf('=')))
    .filter((name) => watched.has(name.toLowerCase()))
    .map((name) => reportClause(row, name))
  const changes = settingChangesWithin(row.body ?? '').filter(({ setting }) => watched.has(setting ?? ''))
  const worst = Map.groupBy(changes, ({ setting }) => setting ?? '')
  return [...fixed, ...[...worst].map(([setting, all]) => reportBody(row, setting, all))]
}

function reportClause({ object, ident }: Row, name: string): Found {
  const quoted = name.split('.').map(quoteName).join('.')
  const sql = `alter routine ${ident} reset ${quoted};`
  const fix = 'Take the SET clause away, and let the function work under what its caller has set.'
  if (name.toLowerCase() === 'row_security') return { ...rowSecurity(object), fix, sql }
  return {
    object,
    severity: 'error',
    message: `The function's SET clause gives ${name} a fixed value while it runs: whoever calls it, for whatever tenant, works with the rows of that one.`,
    fix,
    sql,
  }
}

function reportBody({ object }: Row, setting: string, changes: readonly SettingChange[]): Found {
  if (setting === 'row_security') return rowSecurity(object)
  const lasts = changes.some((change) => change.lasts === 'session')
    ? 'session'
    : changes.every((change) => change.lasts === 'transaction')
      ? 'transaction'
      : 'unknown'
  const what = {
    session: `sets ${setting} for the session: it outlives the transaction, on a connection that the next tenant uses.`,
    unknown: `sets ${setting}, and may do so for the session, which outlives the transaction.`,
    transaction: `sets ${setting} for the rest of the transaction: what runs after it sees another tenant's rows than the caller asked for.`,
  }
  return {
    object,
    severity: lasts === 'session' ? 'error' : 'warning',
    message: `The function, which the application can run, ${what[lasts]}`,
    fix: 'Set the tenant where the transaction begins (withTenant) and nowhere else: drop the function, or revoke it from the application.',
  }
}

/** With row_security off, a query that a policy would narrow fails instead, so that nothing is shown. */
function rowSecurity(object: string): Found {
  return {
    object,
    severity: 'warning',
    message:
      'The function turns row_security off: it works only as a role past whom policies do not stand, and fails for all others. It was meant to see every tenant.',
    fix: 'Leave row_security as it is; do cross-tenant work through the system pool.',
  }
}
