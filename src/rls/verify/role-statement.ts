import { reachedRoles } from '../catalog/reached-roles.ts'

/**
 * Reads a {@link RoleReport} in one statement, whose text is the same for every version of PostgreSQL: to ask for the version
 * first would cost a round trip.
 *
 * `$1` is the tenant column.
 */
export const ROLE_STATEMENT: string = `with recursive ${reachedRoles('rolname in (session_user, current_user)')}, owned as (
  select class.relowner as owner, pg_catalog.count(*) as number,
    (pg_catalog.array_agg(pg_catalog.format('%I.%I', space.nspname, class.relname)
      order by space.nspname, class.relname))[1:3] as tables
  from pg_catalog.pg_class as class join pg_catalog.pg_namespace as space on space.oid = class.relnamespace
  where class.relowner in (select oid from reached_role) and class.relkind in ('r', 'p')
    and space.nspname !~ '^pg_' and space.nspname <> 'information_schema'
    and (class.relrowsecurity or exists (
      select from pg_catalog.pg_attribute as tenant
      where tenant.attrelid = class.oid and tenant.attname = $1 and tenant.attnum > 0
    ))
  group by class.relowner
), role as (
  select distinct on (role.oid) role.*, via.rolname as via, reached_role.taken
  from reached_role join pg_catalog.pg_roles as role on role.oid = reached_role.oid
  left join pg_catalog.pg_roles as via on via.oid = reached_role.via
  order by role.oid, via.rolname is not null, not reached_role.taken, via.rolname
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
      'name', role.rolname, 'via', role.via, 'superuser', role.rolsuper and role.taken, 'bypassesRls', role.rolbypassrls and role.taken,
      'takesRoles', role.rolcreaterole and role.taken and pg_catalog.current_setting('server_version_num')::int < 160000,
      'ownedCount', coalesce(owned.number, 0), 'owned', coalesce(owned.tables, '{}')
    ) order by role.via is not null, role.rolname)
    from role left join owned on owned.owner = role.oid
  )
)::text as report`
