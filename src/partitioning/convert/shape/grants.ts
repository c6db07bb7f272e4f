import { jsonList } from '../../../rls/policy/describe/json-list.ts'

/** SQL of what an ACL gives to others than the owner: rows of a {@link Grant}. */
export function grantRows(acl: string, owner: string, column = 'null::name'): string {
  return `select case when entry.grantee = 0 then '' else pg_catalog.pg_get_userbyid(entry.grantee) end as grantee,
    entry.privilege_type as privilege, ${column} as "column", entry.is_grantable as grantable
    from pg_catalog.aclexplode(${acl}) as entry where entry.grantee <> ${owner}`
}

/** SQL of the grants on `class` and its columns. */
export const GRANTS: string = jsonList(
  'to_json(given) order by given.grantee, given."column" nulls first, given.privilege',
  `(${grantRows('class.relacl', 'class.relowner')}
    union all
    select column_given.* from pg_attribute as att
    cross join lateral (${grantRows('att.attacl', 'class.relowner', 'att.attname')}) as column_given
    where att.attrelid = class.oid and att.attacl is not null and not att.attisdropped) as given`,
)

/** SQL of the roles that default privileges give anything on new tables to, whoever makes them. */
export const DEFAULT_GRANTEES: string = jsonList(
  "distinct case when entry.grantee = 0 then '' else pg_catalog.pg_get_userbyid(entry.grantee) end",
  `pg_default_acl as acl cross join lateral pg_catalog.aclexplode(acl.defaclacl) as entry
   where acl.defaclobjtype = 'r' and entry.grantee <> class.relowner`,
)
