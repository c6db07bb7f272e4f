import { reachedRoles } from '../catalog/reached-roles.ts'

/**
 * What every rule's query can read, as common table expressions; PostgreSQL runs only those that it names.
 *
 * - `given`: one row with `app_role`, `tenant_column`, `tenant_setting`, `settings`, `shared`, `tenant_columns`.
 * - `held_role`: the login role and all roles whose privileges it has or can take, with the attributes of `pg_roles`, `is_login`, and
 *   `taken`: whether it is the role or can become it, and has its attributes then. Grants to them and what they own are the application's.
 * - `app_role`: the same without superusers that it cannot become. Whether there is a privilege is asked for each of them, and a superuser
 *   has all by its attribute, which passes to no member.
 * - `relation`: tables, partitioned tables, views, materialized views and foreign tables that no extension owns: `oid`,
 *   `schema`, `name`, `object` (`schema.name`, to be shown), `ident` (quoted, for SQL), `kind` (`pg_class.relkind`),
 *   `row_security`, `forced`, `owner`, `is_partition`, `options`, `tenant` (the number of the tenant column, or NULL), `tenant_name`,
 *   `tenant_type` (its type's OID), `shared` (declared so).
 * - `tenant_table`: the tables and partitioned tables of `relation`, partitions included, that have the tenant column and are not shared.
 * - `policy`: policies of `relation`: `oid`, `name`, `table_oid`, `permissive`, `command` (`pg_policy.polcmd`), `roles` (OIDs, 0 for PUBLIC),
 *   `using_text`, `check_text` (as PostgreSQL prints them), `using_tree`, `check_tree` (`pg_node_tree` as text).
 */
export const CATALOG_VIEW: string = `with recursive given as (
  select $1::text as app_role, $2::text as tenant_column, $3::text as tenant_setting, $4::text[] as settings,
    $5::text[] as shared, $6::jsonb as tenant_columns
), ${reachedRoles('rolname = (select app_role from given)')}, held_role as (
  select role.*, role.rolname = (select app_role from given) as is_login, exists (
      select from reached_role where reached_role.oid = role.oid and reached_role.taken
    ) as taken
  from pg_catalog.pg_roles as role where role.oid in (select oid from reached_role)
), app_role as (
  select * from held_role where taken or not rolsuper
), relation as (
  select class.oid, space.nspname as schema, class.relname as name,
    space.nspname || '.' || class.relname as object, pg_catalog.format('%I.%I', space.nspname, class.relname) as ident,
    class.relkind::text as kind, class.relrowsecurity as row_security, class.relforcerowsecurity as forced,
    class.relowner as owner, class.relispartition as is_partition, class.reloptions as options,
    tenant.attnum as tenant, tenant.attname as tenant_name, tenant.atttypid as tenant_type,
    space.nspname || '.' || class.relname = any ((select shared from given)::text[]) as shared
  from pg_catalog.pg_class as class
  join pg_catalog.pg_namespace as space on space.oid = class.relnamespace
  left join pg_catalog.pg_attribute as tenant on tenant.attrelid = class.oid and tenant.attnum > 0
    and tenant.attname = coalesce((select tenant_columns from given) ->> (space.nspname || '.' || class.relname),
      (select tenant_column from given))
  where class.relkind in ('r', 'p', 'v', 'm', 'f')
    and space.nspname !~ '^pg_' and space.nspname <> 'information_schema'
    and not exists (
      select from pg_catalog.pg_depend as owned
      where owned.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and owned.objid = class.oid and owned.deptype = 'e'
    )
), tenant_table as (
  select * from relation where kind in ('r', 'p') and tenant is not null and not shared
), policy as (
  select pol.oid, pol.polname as name, pol.polrelid as table_oid, pol.polpermissive as permissive,
    pol.polcmd::text as command, pol.polroles as roles,
    pg_catalog.pg_get_expr(pol.polqual, pol.polrelid) as using_text,
    pg_catalog.pg_get_expr(pol.polwithcheck, pol.polrelid) as check_text,
    pol.polqual::text as using_tree, pol.polwithcheck::text as check_tree
  from pg_catalog.pg_policy as pol join relation on relation.oid = pol.polrelid
)`
