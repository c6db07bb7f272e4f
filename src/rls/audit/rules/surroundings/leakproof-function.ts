import { type AuditRule, catalogRule } from '../../audit-rule.ts'

/**
 * PostgreSQL runs a condition before the policy's when all its functions are declared LEAKPROOF, on the word of who
 * declared them. EXECUTE is checked of the role that asks, also for functions inside of operators and views.
 *
 * @see https://www.postgresql.org/docs/current/rules-privileges.html
 */
export const leakproofFunction: AuditRule = catalogRule<{ object: string; ident: string; language: string }>({
  id: 'leakproof-function',
  title: 'A function of your own is declared LEAKPROOF',
  severity: 'warning',
  query: `select space.nspname || '.' || proc.proname || '(' || pg_catalog.oidvectortypes(proc.proargtypes) || ')' as object,
  proc.oid::pg_catalog.regprocedure::text as ident, lang.lanname as language
from pg_catalog.pg_proc as proc
join pg_catalog.pg_namespace as space on space.oid = proc.pronamespace
join pg_catalog.pg_language as lang on lang.oid = proc.prolang
where proc.proleakproof and space.nspname !~ '^pg_' and space.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend as owned
    where owned.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and owned.objid = proc.oid and owned.deptype = 'e'
  )
  and exists (select from app_role where pg_catalog.has_function_privilege(app_role.oid, proc.oid, 'EXECUTE'))
order by object`,
  report: ({ object, ident, language }) => ({
    object,
    message:
      `The function (${language}) is declared LEAKPROOF, so that queries may run it on rows before the policy has hidden them. ` +
      'If it raises an error, a notice or anything else that depends on its arguments, it shows them.',
    fix: 'Take the mark away; where an index needs it, write the function so that nothing it does depends on its arguments but its result, and accept this.',
    sql: `alter function ${ident} not leakproof;`,
  }),
})
