import { reachesOut } from './what-lies-beneath.ts'

/** A function that the application can call in the place of a table. */
export interface ProbedFunction {
  /** `schema.name`, to be shown. */
  readonly object: string
  /** Quoted, for SQL. */
  readonly ident: string
  /** It runs with the rights of its owner. */
  readonly definer: boolean
  readonly volatile: boolean
  /** It is not run where an argument is NULL. */
  readonly strict: boolean
  /** The arguments that have no default. */
  readonly args: readonly { readonly type: string; readonly tenant: boolean }[]
  /** The column of its result that names the tenant. */
  readonly tenant: string | null
  readonly tenantType: string | null
  /** Why it is not called, or NULL. */
  readonly uncalled: string | null
}

/** Arguments that are put in, with their names, in their order. */
const ARGUMENTS = `(
  select coalesce(jsonb_agg(jsonb_build_object(
    'type', format_type(input.type, -1),
    'tenant', coalesce(input.name = given.tenant_column, false) or input.type in (select tenant_type from tenant_table)
  ) order by input.n), '[]')
  from (
    select type, name, row_number() over (order by ordinal) as n
    from unnest(coalesce(proc.proallargtypes, proc.proargtypes::oid[]), proc.proargmodes, proc.proargnames)
      with ordinality as arg (type, mode, name, ordinal)
    where coalesce(mode, 'i') in ('i', 'b', 'v')
  ) as input
  where input.n <= proc.pronargs - proc.pronargdefaults
)`

/** The columns of the result: of a composite type, or those that are put out. */
const TENANT = `(
  select att.attname as name, format_type(att.atttypid, -1) as type from pg_attribute as att
  where att.attrelid = result.typrelid and att.attnum > 0 and not att.attisdropped
    and att.attname = coalesce((select tenant_name from relation where relation.oid = result.typrelid), given.tenant_column)
  union all
  select arg.name, format_type(arg.type, -1)
  from unnest(proc.proallargtypes, proc.proargmodes, proc.proargnames) as arg (type, mode, name)
  where arg.mode in ('o', 'b', 't') and arg.name = given.tenant_column
  limit 1
)`

/**
 * Functions that can be called without arguments, that return sets, or that tell something of a tenant that they are given and say that
 * they write nothing; none that an extension brings.
 */
export const FUNCTIONS: string = `select space.nspname || '.' || proc.proname as object,
  format('%I.%I', space.nspname, proc.proname) as ident, proc.prosecdef as definer, proc.provolatile = 'v' as volatile,
  proc.proisstrict as strict, ${ARGUMENTS} as args, tenant.name as tenant, tenant.type as "tenantType",
  case
    when ${reachesOut('proc')} then 'it may do what no rollback undoes'
    when proc.prorettype = 'record'::regtype and proc.proargmodes is null then 'its columns are not declared'
    when proc.provariadic <> 0 or exists (
      select from unnest(proc.proargtypes::oid[]) as arg join pg_type as typ on typ.oid = arg where typ.typtype = 'p'
    ) then 'its arguments are of any type'
  end as uncalled
from given
cross join app_role as app
join pg_proc as proc on proc.prokind = 'f'
join pg_namespace as space on space.oid = proc.pronamespace
join pg_type as result on result.oid = proc.prorettype
left join lateral ${TENANT} as tenant on true
where app.is_login and space.nspname !~ '^pg_' and space.nspname <> 'information_schema'
  and (proc.proretset or proc.pronargs = proc.pronargdefaults
    or proc.provolatile <> 'v' and not ${ARGUMENTS} @> '[{"tenant": false}]')
  -- Other pseudo-types are void, trigger and the like, which have nothing to show.
  and (result.typtype <> 'p' or result.oid = 'record'::regtype or result.typname like 'any%')
  and has_schema_privilege(app.oid, space.oid, 'USAGE')
  and has_function_privilege(app.oid, proc.oid, 'EXECUTE')
  and not (space.nspname || '.' || proc.proname = any (given.shared))
  and not exists (
    select from pg_depend as dep
    where dep.classid = 'pg_proc'::regclass and dep.objid = proc.oid and dep.deptype = 'e'
  )
order by object, proc.oid`

/** Sequences whose state the application may read; they count for all tenants together. */
export const SEQUENCES = `select space.nspname || '.' || class.relname as object
from app_role as app
join pg_class as class on class.relkind = 'S'
join pg_namespace as space on space.oid = class.relnamespace
cross join given
where app.is_login and space.nspname !~ '^pg_' and not (space.nspname || '.' || class.relname = any (given.shared))
  and has_schema_privilege(app.oid, space.oid, 'USAGE')
  and has_sequence_privilege(app.oid, class.oid, 'SELECT')
order by object`
