/**
 * A common table expression for queries over the catalog view: `exempt_role`, the roles past whom policies do not
 * stand when code runs as them: `oid`, `name`, `reason`.
 *
 * Superusers and roles with BYPASSRLS are past all policies, and whoever has the privileges of a table's owner past
 * that table's, unless it is FORCEd (`check_enable_rls` in rls.c). Neither attribute is inherited by members.
 *
 * @see https://www.postgresql.org/docs/current/ddl-rowsecurity.html
 */
export const EXEMPT_ROLE = `unforced as materialized (
  select class.relowner as owner, pg_catalog.min(space.nspname || '.' || class.relname) as object
  from pg_catalog.pg_class as class join pg_catalog.pg_namespace as space on space.oid = class.relnamespace
  where class.relrowsecurity and not class.relforcerowsecurity group by class.relowner
), exempt_role as materialized (
  select role.oid, role.rolname as name,
    case when role.rolsuper then 'is a superuser' when role.rolbypassrls then 'has BYPASSRLS'
      else 'owns ' || owned.object || ', where row security is not forced' end as reason
  from pg_catalog.pg_roles as role
  left join lateral (
    select unforced.object from unforced where pg_catalog.pg_has_role(role.oid, unforced.owner, 'USAGE') limit 1
  ) as owned on true
  where role.rolsuper or role.rolbypassrls or owned.object is not null
)`
