/**
 * SQL: the statements that end the membership by which the login role has a role, or NULL where it has it by another role's as well,
 * who may need it. Reads `held_role`.
 *
 * @param role the OID of the role
 * @param serverVersion `server_version_num`
 */
export function revokesOf(role: string, serverVersion: number): string {
  // Since PostgreSQL 16 each grantor's grant is one of its own, and only what is named is revoked.
  const by = serverVersion >= 160_000 ? ' granted by %I' : ''
  return `(
  select pg_catalog.string_agg(pg_catalog.format('revoke %I from %I${by};', role.rolname, member.rolname, grantor.rolname), E'\\n' order by grantor.rolname)
  from pg_catalog.pg_auth_members as grant_of
  join pg_catalog.pg_roles as role on role.oid = grant_of.roleid
  join pg_catalog.pg_roles as member on member.oid = grant_of.member
  join pg_catalog.pg_roles as grantor on grantor.oid = grant_of.grantor
  where grant_of.roleid = ${role} and member.rolname = (select app_role from given)
    and not exists (
      select from pg_catalog.pg_auth_members as other
      join pg_catalog.pg_roles as other_member on other_member.oid = other.member
      where other.roleid = ${role} and other_member.rolname <> (select app_role from given)
        and other.member in (select held_role.oid from held_role)
    )
)`
}
