import { grantList, grantRows } from './grants.ts'
import { jsonList } from './json-list.ts'

const USER_SCHEMA = `space.nspname !~ '^pg_' and space.nspname <> 'information_schema'`

/** SQL for the application's login role. */
export const ROLE: string = `(select json_build_object('name', login.rolname, 'ident', quote_ident(login.rolname),
    'exempt', ${jsonList('role.rolname', 'held_role as role where role.taken and (role.rolsuper or role.rolbypassrls)')})
  from app_role as login where login.is_login)`

/** SQL for the database. A NULL ACL stands for the default one, in which PUBLIC may make temporary tables. */
export const DATABASE: string = `(select json_build_object('name', db.datname, 'owned', db.datdba in (select oid from held_role),
    'grants', ${grantList(grantRows("coalesce(db.datacl, acldefault('d', db.datdba))", 'db.datdba'))})
  from pg_database as db where db.datname = current_database())`

/** SQL for the schemas. */
export const SCHEMAS: string = jsonList(
  `json_build_object('name', space.nspname, 'ident', quote_ident(space.nspname),
    'owned', space.nspowner in (select oid from held_role),
    'usable', has_schema_privilege((select oid from app_role where is_login), space.oid, 'usage'),
    'grants', ${grantList(grantRows("coalesce(space.nspacl, acldefault('n', space.nspowner))", 'space.nspowner'))})
    order by space.nspname`,
  `pg_namespace as space where ${USER_SCHEMA}`,
)

/** SQL for what tables that are yet to be made will be open to. */
export const DEFAULT_PRIVILEGES: string = jsonList(
  `distinct jsonb_build_object('ownerIdent', quote_ident(pg_get_userbyid(acl.defaclrole)),
    'schemaIdent', quote_ident(space.nspname), 'grantee', entry.described -> 'grantee')`,
  `pg_default_acl as acl left join pg_namespace as space on space.oid = acl.defaclnamespace
  cross join lateral (${grantRows('acl.defaclacl', 'acl.defaclrole')}) as entry where acl.defaclobjtype = 'r'`,
)

/** SQL for the names that are taken, since an index may not be called like a table. */
export const NAMES: string = `(select coalesce(json_object_agg(taken.schema, taken.names), '{}') from (
    select space.nspname as schema, json_agg(class.relname) as names
    from pg_class as class join pg_namespace as space on space.oid = class.relnamespace
    where ${USER_SCHEMA} group by space.nspname) as taken)`
