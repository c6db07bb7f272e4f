/** What tables will be granted that are yet to be made in some schemas, to roles other than their maker. */
export const DEFAULT_PRIVILEGES = `select pg_catalog.json_build_object(
  'maker', maker, 'schema', schema, 'grantee', grantee, 'privileges', privileges)::text as fact
from (
  select pg_catalog.pg_get_userbyid(acl.defaclrole)::text as maker, space.nspname::text as schema,
    case entry.grantee when 0 then '' else pg_catalog.pg_get_userbyid(entry.grantee)::text end as grantee,
    pg_catalog.array_agg(distinct entry.privilege_type::text order by entry.privilege_type::text) as privileges
  from pg_catalog.pg_default_acl as acl
  left join pg_catalog.pg_namespace as space on space.oid = acl.defaclnamespace
  cross join lateral pg_catalog.aclexplode(acl.defaclacl) as entry
  where acl.defaclobjtype = 'r' and (acl.defaclnamespace = 0 or space.nspname = any ($1::text[])) and entry.grantee <> acl.defaclrole
  group by 1, 2, 3) as given
order by maker, schema nulls first, grantee`

export interface DefaultPrivilegeFact {
  readonly maker: string
  readonly schema: string | null
  readonly grantee: string
  readonly privileges: readonly string[]
}
