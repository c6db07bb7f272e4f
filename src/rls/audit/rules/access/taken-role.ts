/**
 * Common table expressions for queries over the catalog view: `taken_role`, the roles that the login role is or can become by SET ROLE:
 * `oid`, `name`, `superuser`, `bypasses`, `replicates`, `creates_roles` (attributes are no member's, but who has become a role has
 * them) and `is_login`; and `held_role(oid)`, those and all whose privileges it has without.
 *
 * Since PostgreSQL 16 a membership may lack either; and whoever has the ADMIN option, were it without both, can grant itself the role
 * WITH SET (ran on 16 and 18). Before, every member can become the role.
 *
 * @param serverVersion `server_version_num`
 * @see https://www.postgresql.org/docs/current/sql-set-role.html
 */
export function takenRole(serverVersion: number): string {
  const [step, taken] =
    serverVersion >= 160_000
      ? [
          'member.admin_option or member.inherit_option or (member.set_option and held.taken)',
          'member.admin_option or (member.set_option and held.taken)',
        ]
      : ['true', 'true']
  return `held(oid, taken) as (
  select role.oid, true from pg_catalog.pg_roles as role where role.rolname = (select app_role from given)
  union
  select member.roleid, ${taken}
  from held join pg_catalog.pg_auth_members as member on member.member = held.oid
  where ${step}
), held_role as (
  select distinct held.oid from held
), taken_role as (
  select role.oid, role.rolname as name, role.rolsuper as superuser, role.rolbypassrls as bypasses,
    role.rolreplication as replicates, role.rolcreaterole as creates_roles,
    role.rolname = (select app_role from given) as is_login
  from pg_catalog.pg_roles as role where role.oid in (select held.oid from held where held.taken)
)`
}

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
