import { becomes } from './reaches.ts'

/** Why policies that hold the login role do not hold code that runs as another role. */
export type Escape =
  /** A superuser is past all policies. */
  | 'superuser'
  /** So is a role with BYPASSRLS. */
  | 'bypassrls'
  /** It has the rights of the owner of a table that is not FORCEd. */
  | 'owner'
  /** A policy that applies to it, and not the login role's, lets it see other tenants. */
  | 'policy'
  /** The table is a partition without row security. */
  | 'partition'
  /** It does not: no policy lets it see anything at all. */
  | 'blind'

/** What {@link ESCAPE} says of a role and a table. */
export interface EscapeRow {
  readonly cause: Escape
  /** The role. */
  readonly runner: string
  /** The table, as `schema.name`. */
  readonly table: string
  /** The policy where it is one, else NULL. */
  readonly policy: string | null
}

/**
 * Common table expressions for queries over the catalog view that have a table `run_as` (`runner`, the OID of a role; `oid` of a
 * tenant table that is read or written as it; `commands`, of `polcmd`): `escape` holds its rows in which the policies that hold
 * the login role do not hold, with `cause`, `policy`, and `rank`, the worst first. `run_as` must not repeat rows.
 *
 * BYPASSRLS and superuser belong to a role alone and pass to no member; whoever has the rights of a table's owner counts as the
 * owner (`check_enable_rls` in rls.c; ran). A policy is taken to hold tenants apart when it names the tenant column and the login role
 * has one of the same text.
 *
 * @see https://www.postgresql.org/docs/current/ddl-rowsecurity.html
 */
export const ESCAPE: string = `judged as (
  select run_as.*, tenant_table.tenant_name, case
    when not tenant_table.row_security then
      case when exists (select from pg_catalog.pg_inherits where inhrelid = run_as.oid) then 'partition' else 'open' end
    when role.rolsuper then 'superuser'
    when role.rolbypassrls then 'bypassrls'
    when not tenant_table.forced and pg_catalog.pg_has_role(run_as.runner, tenant_table.owner, 'USAGE') then 'owner'
  end as certain
  from run_as
  join tenant_table on tenant_table.oid = run_as.oid
  join pg_catalog.pg_roles as role on role.oid = run_as.runner
  where not ${becomes('run_as.runner')}
), applied as (
  select judged.runner, judged.oid, judged.commands, judged.tenant_name, pol.oid as policy_oid, pol.polname as name,
    pol.polpermissive as permissive, pol.polcmd::text as command,
    exists (
      select from pg_catalog.unnest(pol.polroles) as named
      where named = 0 or pg_catalog.pg_has_role(judged.runner, named, 'USAGE')
    ) as for_runner,
    exists (
      select from pg_catalog.unnest(pol.polroles) as named, app_role
      where named = 0 or pg_catalog.pg_has_role(app_role.oid, named, 'USAGE')
    ) as for_app
  from judged
  join pg_catalog.pg_policy as pol on pol.polrelid = judged.oid and (pol.polcmd = '*' or pol.polcmd::text = any (judged.commands))
  where judged.certain is null
), differing as (
  select runner, oid, commands from applied group by runner, oid, commands
  having pg_catalog.bool_or(for_runner and permissive) and pg_catalog.bool_or(for_runner <> for_app)
), clause as (
  select applied.*, pg_catalog.bool_or(for_app and by_tenant) over (partition by applied.runner, applied.oid, applied.commands, text) as of_tenant
  from applied
  join differing using (runner, oid, commands)
  join policy on policy.oid = applied.policy_oid
  cross join lateral (
    select coalesce(case when applied.command = 'a' then policy.check_text else policy.using_text end, '')
  ) as predicate (text)
  cross join lateral (
    select pg_catalog.strpos(text, pg_catalog.quote_ident(applied.tenant_name)) > 0
  ) as reading (by_tenant)
), laxer as (
  select runner, oid, commands, pg_catalog.min(name::text) filter (where for_runner and permissive and not of_tenant) as policy
  from clause group by runner, oid, commands
  having pg_catalog.bool_or(for_runner and permissive and not of_tenant)
    and not pg_catalog.bool_or(for_runner and not permissive and of_tenant)
    and (pg_catalog.bool_or(for_app and not permissive and of_tenant)
      or not pg_catalog.bool_or(for_app and permissive and not of_tenant))
), seeing as (
  select distinct runner, oid, commands from applied where for_runner and permissive and command in ('*', 'r')
), escape as (
  select *, pg_catalog.array_position(array['superuser', 'bypassrls', 'owner', 'policy', 'partition', 'blind'], cause) as rank
  from (
    select judged.runner, judged.oid, judged.commands, laxer.policy, coalesce(judged.certain, case
      when laxer.policy is not null then 'policy' when seeing.oid is null then 'blind'
    end) as cause
    from judged
    left join laxer using (runner, oid, commands)
    left join seeing using (runner, oid, commands)
  ) as found
  where cause is not null and cause <> 'open'
)`
