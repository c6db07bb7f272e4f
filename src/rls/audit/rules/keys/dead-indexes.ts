/** An index on a table with row security that conditions of the application cannot use. */
export interface DeadIndex {
  /** `schema.index`. */
  readonly object: string
  /** Quoted, as is `tenant`. */
  readonly index: string
  readonly table: string
  readonly tenant: string
  readonly method: string
  /** What conditions cannot use, as PostgreSQL prints it. */
  readonly columns: string
  /** What follows the first parenthesis of its definition. */
  readonly definition: string
  /** The tenant is among its further columns. */
  readonly endsWithTenant: boolean
  /** Operators that are not leakproof, or functions of an indexed expression. */
  readonly leaky: readonly string[]
  /** It is the functions of the expression that are not. */
  readonly byExpression: boolean
  /** Operators of the same columns that are leakproof, and do use it. */
  readonly leakproof: readonly string[]
  /** Another index finds the rows of the tenant. */
  readonly narrowed: boolean
  /** An index of this kind could hold the tenant column too, with what is installed. */
  readonly holdsTenant: boolean
}

/**
 * A condition runs before the policy's only where its functions are leakproof, and only such a condition can be an index
 * condition (`restriction_is_securely_promotable` in the planner). Gives one {@link DeadIndex} a row.
 *
 * An index that can narrow by the tenant is used for the policy's own condition, whatever else it holds. What backs a constraint is
 * not looked at: it works without conditions.
 *
 * @see https://www.postgresql.org/docs/current/rules-privileges.html on leakproof functions
 */
export const DEAD_INDEXES = `, operators as (
    select family.oid as family, amop.amoplefttype as type,
      coalesce(array_agg(distinct operator.oprname::text) filter (where not function.proleakproof), '{}') as leaky,
      coalesce(array_agg(distinct operator.oprname::text) filter (where function.proleakproof), '{}') as leakproof
    from pg_opfamily as family
    join pg_am as method on method.oid = family.opfmethod
    join pg_amop as amop on amop.amopfamily = family.oid and amop.amoppurpose = 's'
      -- Comparisons with another type are an extra where one with its own type is the rule.
      and (amop.amoplefttype = amop.amoprighttype or method.amname not in ('btree', 'hash', 'brin'))
    join pg_operator as operator on operator.oid = amop.amopopr
    join pg_proc as function on function.oid = operator.oprcode
    group by family.oid, amop.amoplefttype
  ), matching as (
    -- What text_pattern_ops and its like are for is LIKE, which is turned into their operators after it was found safe itself.
    select operator.oprleft as type, array_agg(distinct operator.oprname::text) as leaky
    from pg_operator as operator join pg_proc as function on function.oid = operator.oprcode
    where operator.oprname in ('~~', '~') and operator.oprnamespace = 'pg_catalog'::regnamespace and not function.proleakproof
    group by operator.oprleft
  ), part as (
    select index.indexrelid, tenant_table.oid as table_oid, n, method.amname as method,
      index.indkey[n] = tenant_table.tenant as is_tenant, index.indkey[n] = 0 as is_expression,
      operators.leakproof,
      case when family.opfname ~ '_pattern_ops$' and method.amname = 'btree' then matching.leaky else operators.leaky end as leaky
    from tenant_table
    join pg_index as index on index.indrelid = tenant_table.oid and index.indisvalid
      and not index.indisunique and not index.indisexclusion
    join pg_class as class on class.oid = index.indexrelid and not class.relispartition
    join pg_am as method on method.oid = class.relam
    cross join lateral generate_series(0, index.indnkeyatts - 1) as n
    join pg_opclass as opclass on opclass.oid = index.indclass[n]
    join pg_opfamily as family on family.oid = opclass.opcfamily
    left join operators on operators.family = opclass.opcfamily and operators.type = opclass.opcintype
    left join matching on matching.type = opclass.opcintype
    where tenant_table.row_security
  ), expression as (
    -- What contain_leaked_vars() of the planner looks at, for all the index's expressions together.
    select index.indexrelid, array(
      select function.proname::text || '()' from regexp_matches(index.indexprs::text, ':funcid (\\d+)', 'g') as found
      join pg_proc as function on function.oid = found[1]::oid where not function.proleakproof
      union
      select operator.oprname::text from regexp_matches(index.indexprs::text, ':opno (\\d+)', 'g') as found
      join pg_operator as operator on operator.oid = found[1]::oid
      join pg_proc as function on function.oid = operator.oprcode where not function.proleakproof
      union
      select 'a cast by input and output functions' where index.indexprs::text ~ '\\{COERCEVIAIO '
    ) as leaky
    from pg_index as index where index.indexprs is not null and index.indexrelid in (select indexrelid from part)
  ), judged as (
    select part.*, case when part.is_expression and expression.leaky <> '{}' then expression.leaky else part.leaky end as blame,
      coalesce(part.is_expression and expression.leaky <> '{}', false) as by_expression,
      -- Only the first column of a btree bounds what is read of it.
      part.n = 0 or part.method <> 'btree' as counts
    from part left join expression on expression.indexrelid = part.indexrelid
  ), dead as (
    select indexrelid, table_oid, method, array_agg(n order by n) as numbers, bool_or(by_expression) as by_expression
    from judged where counts
    group by indexrelid, table_oid, method
    having not bool_or(is_tenant) and bool_and(coalesce(blame, '{}') <> '{}')
  )
  select tenant_table.schema || '.' || class.relname as object, format('%I.%I', tenant_table.schema, class.relname) as index,
    tenant_table.ident as table, quote_ident(tenant_table.tenant_name) as tenant, dead.method, dead.by_expression as "byExpression",
    (select string_agg(pg_get_indexdef(class.oid, n + 1, false), ', ' order by n) from unnest(dead.numbers) as n) as columns,
    array(
      select distinct name from judged, unnest(judged.blame) as name
      where judged.indexrelid = dead.indexrelid and judged.counts order by name
    ) as leaky,
    array(
      select distinct name from judged, unnest(judged.leakproof) as name
      where judged.indexrelid = dead.indexrelid and judged.counts and not judged.by_expression order by name
    ) as leakproof,
    substr(pg_get_indexdef(class.oid), 1 + length(format('CREATE INDEX %I ON %s%s USING %I (', class.relname,
      case class.relkind when 'I' then 'ONLY ' else '' end, tenant_table.ident, dead.method))) as definition,
    exists (select from part where part.indexrelid = dead.indexrelid and part.is_tenant) as "endsWithTenant",
    exists (
      select from pg_index as other where other.indrelid = tenant_table.oid and other.indkey[0] = tenant_table.tenant
        and other.indisvalid and other.indpred is null
    ) as narrowed,
    exists (
      select from pg_opclass join pg_am on pg_am.oid = opcmethod
      where pg_am.amname = dead.method and opcintype = tenant_table.tenant_type and opcdefault
    ) as "holdsTenant"
  from dead
  join tenant_table on tenant_table.oid = dead.table_oid
  join pg_class as class on class.oid = dead.indexrelid
  where exists (
    select from app_role, tenant_table as root
    where root.oid = case when tenant_table.is_partition then pg_partition_root(tenant_table.oid)::oid else tenant_table.oid end
      and has_schema_privilege(app_role.oid, root.schema, 'USAGE') and has_any_column_privilege(app_role.oid, root.oid, 'SELECT')
  )
  order by object`
