import { jsonList } from './json-list.ts'

/**
 * SQL for the grants in an ACL to the application's roles and to PUBLIC, without the owner's own.
 *
 * @param column SQL for the name of the column that the ACL is of
 * @see https://www.postgresql.org/docs/current/ddl-priv.html#PRIVILEGE-ABBREVS-TABLE
 */
export function grantRows(acl: string, owner: string, column = 'null'): string {
  return `select entry.grantee, entry.privilege_type as privilege, json_build_object(
      'grantee', case entry.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(entry.grantee)) end,
      'privilege', entry.privilege_type, 'column', ${column},
      'grantor', case when entry.grantor <> ${owner} then pg_get_userbyid(entry.grantor) end) as described
    from aclexplode(${acl}) as entry
    where entry.grantee <> ${owner} and (entry.grantee = 0 or entry.grantee in (select oid from held_role))`
}

/** SQL for a JSON array of grants. */
export function grantList(rows: string): string {
  return jsonList('entry.described order by entry.grantee, entry.privilege', `(${rows}) as entry`)
}
