import { quoteName } from '../../../sql/quote.ts'
import { type AuditRule, catalogRule } from '../../audit-rule.ts'

const ID = 'foreign-data'
const TITLE = 'The application reaches data of other servers, where no policy stands'

/**
 * PostgreSQL has no row security on foreign tables. One that is a partition is under its parent's when asked through
 * it.
 */
const tables = catalogRule<{ object: string; owned: boolean }>({
  id: ID,
  title: TITLE,
  severity: 'error',
  query: `select object, tenant is not null as owned from relation
where exists (select from pg_catalog.pg_foreign_table) and kind = 'f' and not shared and exists (
  select from app_role where pg_catalog.has_schema_privilege(app_role.oid, relation.schema, 'USAGE')
    and (pg_catalog.has_any_column_privilege(app_role.oid, relation.oid, 'SELECT, INSERT, UPDATE')
      or pg_catalog.has_table_privilege(app_role.oid, relation.oid, 'DELETE'))
) order by object`,
  report: ({ object, owned }) => ({
    object,
    severity: owned ? 'error' : 'warning',
    message: owned
      ? 'The foreign table has the tenant column, but PostgreSQL has no row security for foreign tables: the application sees and changes the rows of all tenants.'
      : 'The application can use this foreign table, on which no policy can stand, and it is not declared shared.',
    fix: 'Revoke it from the application and give it a function or a view that filters by the tenant, or declare it in `shared` if it belongs to no tenant.',
  }),
})

/** With USAGE a role makes foreign tables and mappings of its own, and dblink connects to a server by its name. */
const servers = catalogRule<{ object: string; wrapper: string; mapped: string | null }>({
  id: ID,
  title: TITLE,
  severity: 'warning',
  query: `select server.srvname as object, wrapper.fdwname as wrapper, (
  select pg_catalog.min(case when mapping.umuser = 0 then 'PUBLIC' else app_role.rolname end)
  from pg_catalog.pg_user_mappings as mapping left join app_role on app_role.oid = mapping.umuser
  where mapping.srvid = server.oid and (mapping.umuser = 0 or app_role.oid is not null)
) as mapped
from pg_catalog.pg_foreign_server as server
join pg_catalog.pg_foreign_data_wrapper as wrapper on wrapper.oid = server.srvfdw
where exists (select from app_role where pg_catalog.has_server_privilege(app_role.oid, server.oid, 'USAGE'))
order by object`,
  report: ({ object, wrapper, mapped }) => ({
    object,
    message: `The application has USAGE on the foreign server ${quoteName(object)} (${quoteName(wrapper)})${
      mapped === null
        ? ', and can make itself a user mapping'
        : `, and a user mapping for ${mapped} gives it an account there`
    }: it can read what that account can, past the policies here.`,
    fix: `REVOKE USAGE ON FOREIGN SERVER ${quoteName(object)} from the application and from PUBLIC, and drop the mapping. Reading a foreign table that it has been granted needs the mapping alone.`,
  }),
})

/** CREATE SERVER needs nothing else. */
const wrappers = catalogRule<{ object: string }>({
  id: ID,
  title: TITLE,
  severity: 'warning',
  query: `select fdwname as object from pg_catalog.pg_foreign_data_wrapper as wrapper
where exists (select from app_role where pg_catalog.has_foreign_data_wrapper_privilege(app_role.oid, wrapper.oid, 'USAGE'))
order by object`,
  report: ({ object }) => ({
    object,
    message: `The application has USAGE on the foreign-data wrapper ${quoteName(object)}, so that it can make foreign servers to wherever it likes.`,
    fix: `REVOKE USAGE ON FOREIGN DATA WRAPPER ${quoteName(object)} from the application and from PUBLIC.`,
  }),
})

/**
 * Its functions are PUBLIC's when the extension is made, all but dblink_connect_u, which logs in without a password.
 */
const dblink = catalogRule<{ object: string; unchecked: boolean; revoke: string | null }>({
  id: ID,
  title: TITLE,
  severity: 'warning',
  query: `select ext.extname as object, pg_catalog.bool_or(proc.proname = 'dblink_connect_u') as unchecked,
  pg_catalog.string_agg(
    'revoke execute on function ' || proc.oid::pg_catalog.regprocedure || ' from public, ' || grantee.names || ';',
    E'\\n' order by proc.oid::pg_catalog.regprocedure::text
  ) as revoke
from pg_catalog.pg_extension as ext
join pg_catalog.pg_depend as dep on dep.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and dep.refobjid = ext.oid
  and dep.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and dep.deptype = 'e'
join pg_catalog.pg_proc as proc on proc.oid = dep.objid
left join lateral (
  select pg_catalog.string_agg(pg_catalog.quote_ident(rolname), ', ') as names from app_role
  having not pg_catalog.bool_or(rolsuper or oid = proc.proowner)
) as grantee on true
where ext.extname = 'dblink' and proc.proname in ('dblink', 'dblink_connect', 'dblink_connect_u', 'dblink_exec') and exists (
  select from app_role where pg_catalog.has_schema_privilege(app_role.oid, proc.pronamespace, 'USAGE')
    and pg_catalog.has_function_privilege(app_role.oid, proc.oid, 'EXECUTE')
)
group by ext.extname`,
  report: ({ object, unchecked, revoke }) => ({
    object,
    severity: unchecked ? 'error' : 'warning',
    message: unchecked
      ? "The application can call dblink_connect_u(), which logs in to any server without a password, as the server's own account where that is let in."
      : 'The application can connect with dblink, to this server too, in another session without its tenant and as any role whose password it knows.',
    fix: 'Revoke EXECUTE on the functions from PUBLIC and from the application.',
    sql: revoke ?? undefined,
  }),
})

const PARTS = [tables, servers, wrappers, dblink]

/** Foreign tables, and what the application could make or open itself. */
export const foreignData: AuditRule = {
  id: ID,
  title: TITLE,
  severity: 'error',
  find: async (subject) => {
    const found = []
    for (const part of PARTS) {
      found.push(...(await part.find(subject)).map((each) => ({ severity: part.severity, ...each })))
    }
    return found
  },
}
