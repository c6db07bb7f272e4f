/**
 * Reads a {@link RoleReport} in one statement, whose text is the same for every version of PostgreSQL: to ask for the version
 * first would cost a round trip.
 *
 * A role is reached by one that is a member of it: since PostgreSQL 16 each membership says whether SET ROLE is given, which
 * needs it all the way from the session, and whether the privileges are; with ADMIN OPTION a member can give itself both. Before, every
 * membership gave SET ROLE.
 *
 * `$1` is the tenant column.
 *
 * @see https://www.postgresql.org/docs/current/role-membership.html
 * @see https://www.postgresql.org/docs/current/catalog-pg-auth-members.html
 */
export const ROLE_STATEMENT: string = `with recursive link as (
  select entry.member, entry.roleid, entry.admin_option as gives_itself,
    coalesce((pg_catalog.to_jsonb(entry) ->> 'set_option')::boolean, true) as sets,
    coalesce((pg_catalog.to_jsonb(entry) ->> 'inherit_option')::boolean, true) as inherits
  from pg_catalog.pg_auth_members as entry
), reached(oid, sets, via) as (
  select oid, true, null::oid from pg_catalog.pg_roles where rolname in (session_user, current_user)
  union
  select link.roleid, (reached.sets and link.sets) or link.gives_itself, reached.oid
  from reached join link on link.member = reached.oid
  where (reached.sets and link.sets) or link.gives_itself or link.inherits
), owned as (
  select class.relowner as owner, pg_catalog.count(*) as number,
    (pg_catalog.array_agg(pg_catalog.format('%I.%I', space.nspname, class.relname)
      order by space.nspname, class.relname))[1:3] as tables
  from pg_catalog.pg_class as class join pg_catalog.pg_namespace as space on space.oid = class.relnamespace
  where class.relowner in (select oid from reached) and class.relkind in ('r', 'p')
    and space.nspname !~ '^pg_' and space.nspname <> 'information_schema'
    and (class.relrowsecurity or exists (
      select from pg_catalog.pg_attribute as tenant
      where tenant.attrelid = class.oid and tenant.attname = $1 and tenant.attnum > 0
    ))
  group by class.relowner
), role as (
  select distinct on (role.oid) role.*, via.rolname as via, reached.sets
  from reached join pg_catalog.pg_roles as role on role.oid = reached.oid
  left join pg_catalog.pg_roles as via on via.oid = reached.via
  order by role.oid, via.rolname is not null, not reached.sets, via.rolname
)
select pg_catalog.json_build_object(
  'loginRole', session_user,
  'currentRole', current_user,
  'server', pg_catalog.json_build_object(
    'version', pg_catalog.current_setting('server_version'),
    'versionNumber', pg_catalog.current_setting('server_version_num')::int
  ),
  'rowSecurity', pg_catalog.current_setting('row_security')::boolean,
  'reached', (
    select pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', role.rolname, 'via', role.via, 'superuser', role.rolsuper, 'bypassesRls', role.rolbypassrls,
      'takesRoles', role.rolcreaterole and role.sets and pg_catalog.current_setting('server_version_num')::int < 160000,
      'ownedCount', coalesce(owned.number, 0), 'owned', coalesce(owned.tables, '{}')
    ) order by role.via is not null, role.rolname)
    from role left join owned on owned.owner = role.oid
  )
)::text as report`
