/**
 * Common table expressions `membership` and `reached_role`, for queries under WITH RECURSIVE: the roles that sessions are, and those that they reach
 * by membership: `oid`; `taken`, whether they can become it, without which they have its privileges and not its attributes; and `via`,
 * the member by which it was reached, or NULL. A role stands in it once for each way.
 *
 * Since PostgreSQL 16 each membership says whether it gives SET ROLE, which needs it all the way from the session, and whether it
 * gives the privileges; who has the ADMIN OPTION, were it without both, can grant itself the role WITH SET (ran on 16 and 18). Before,
 * every membership gave SET ROLE. The text is the same for every version, since to ask for that first would cost a round trip.
 *
 * @param start SQL for the condition on `pg_roles` that holds for what the sessions are
 * @see https://www.postgresql.org/docs/current/role-membership.html
 * @see https://www.postgresql.org/docs/current/catalog-pg-auth-members.html
 */
export function reachedRoles(start: string): string {
  return `membership as (
  select entry.member, entry.roleid, entry.admin_option as gives_itself,
    coalesce((pg_catalog.to_jsonb(entry) ->> 'set_option')::boolean, true) as sets,
    coalesce((pg_catalog.to_jsonb(entry) ->> 'inherit_option')::boolean, true) as inherits
  from pg_catalog.pg_auth_members as entry
), reached_role(oid, taken, via) as (
  select oid, true, null::pg_catalog.oid from pg_catalog.pg_roles where ${start}
  union
  select membership.roleid, (reached_role.taken and membership.sets) or membership.gives_itself, reached_role.oid
  from reached_role join membership on membership.member = reached_role.oid
  where (reached_role.taken and membership.sets) or membership.gives_itself or membership.inherits
)`
}
