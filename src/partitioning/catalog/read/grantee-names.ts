/**
 * SQL of a JSON array of the roles that entries of an ACL are for, without the owner; '' stands for PUBLIC.
 *
 * @param entries what stands in FROM, and gives `entry.grantee`
 * @param owner an oid
 * @see https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-ACLITEM
 */
export function granteeNames(entries: string, owner: string): string {
  return `(select coalesce(pg_catalog.json_agg(distinct grantee.name), '[]')
    from ${entries} cross join lateral (
      select case entry.grantee when 0 then '' else pg_catalog.pg_get_userbyid(entry.grantee)::text end as name) as grantee
    where entry.grantee <> ${owner})`
}
