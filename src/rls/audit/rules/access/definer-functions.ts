import { becomes } from './reaches.ts'

/**
 * Common table expressions for queries over the catalog view and `VIEW_GRAPH`: `definer`, the functions and procedures
 * that run as their owner and that the login role can have run: `oid`, `object` (with the types of its arguments), `ident`, `owner`,
 * `source`, `language`, `bound` (a body of the SQL standard, whose names were looked up when it was made), `settings`, and `called`
 * (by its name or by a view) or `fired` (by a trigger).
 *
 * A function is executed by default by PUBLIC. Who has EXECUTE needs no USAGE on its schema where a view calls it (ran); who fires a
 * trigger needs neither. Extensions and the application's own functions are left out: those know no tenants, these can do no more
 * than it.
 *
 * @see https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY
 */
export const DEFINER_FUNCTIONS: string = `reached as (
  select proc.*, space.nspname as space,
    space.nspname || '.' || proc.proname || '(' || pg_catalog.oidvectortypes(proc.proargtypes) || ')' as object,
    proc.prorettype not in ('trigger'::pg_catalog.regtype, 'event_trigger'::pg_catalog.regtype) and exists (
      select from app_role
      where pg_catalog.has_function_privilege(app_role.oid, proc.oid, 'EXECUTE')
        and (pg_catalog.has_schema_privilege(app_role.oid, space.oid, 'USAGE') or exists (
          select from pg_catalog.pg_depend as dep
          join pg_catalog.pg_rewrite as rewrite on rewrite.oid = dep.objid
          where dep.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass and dep.refobjid = proc.oid
            and dep.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
            and rewrite.ev_class in (select shown_view.oid from shown_view)
        ))
    ) as called,
    proc.prorettype = 'trigger'::pg_catalog.regtype and exists (
      select from pg_catalog.pg_trigger as fired
      join relation on relation.oid = fired.tgrelid
      join app_role on pg_catalog.has_any_column_privilege(app_role.oid, relation.oid, 'INSERT, UPDATE')
        or pg_catalog.has_table_privilege(app_role.oid, relation.oid, 'DELETE')
      where fired.tgfoid = proc.oid and not fired.tgisinternal and fired.tgenabled <> 'D'
    ) as fired
  from pg_catalog.pg_proc as proc
  join pg_catalog.pg_namespace as space on space.oid = proc.pronamespace
  where proc.prosecdef and space.nspname !~ '^pg_' and space.nspname <> 'information_schema' and not ${becomes('proc.proowner')}
    and not exists (
      select from pg_catalog.pg_depend as owned
      where owned.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and owned.objid = proc.oid and owned.deptype = 'e'
    )
), definer as (
  select reached.oid, reached.object, reached.oid::pg_catalog.regprocedure::text as ident, reached.proowner as owner,
    reached.prosrc as source, lang.lanname as language, reached.prosqlbody is not null as bound, reached.proconfig as settings,
    reached.called, reached.fired
  from reached join pg_catalog.pg_language as lang on lang.oid = reached.prolang
  where reached.called or reached.fired
)`
