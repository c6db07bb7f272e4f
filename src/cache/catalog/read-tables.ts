import type { CacheDatabase } from '../database.ts'

/** What a definition depends on, of one table. */
export interface CachedTable {
  /** `schema.name`, unquoted. */
  readonly name: string
  readonly oid: string
  /** Columns and policies as text; another shape is another table, whose values are not those of this one. */
  readonly shape: string
  /** Other tables that its policies name, `schema.name`. */
  readonly policyTables: readonly string[]
  /** What its policies say, as PostgreSQL prints it. */
  readonly policies: string
}

/**
 * A policy's expression depends on every table that it names, and PostgreSQL notes that in `pg_depend`, whatever the text of the
 * expression looks like. What a function in it reads is not noted anywhere.
 *
 * @see https://www.postgresql.org/docs/current/catalog-pg-depend.html
 */
const TABLES = `with named as (
    select class.oid, namespace.nspname || '.' || class.relname as name, class.relrowsecurity, class.relforcerowsecurity
    from pg_catalog.pg_class as class join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
    where class.relkind in ('r', 'p', 'v', 'm', 'f') and namespace.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  ), policies as (
    select polrelid, string_agg(concat_ws(' ', polname, polcmd, polpermissive, polroles::text,
        pg_catalog.pg_get_expr(polqual, polrelid), pg_catalog.pg_get_expr(polwithcheck, polrelid)), '; ' order by polname) as text
    from pg_catalog.pg_policy group by polrelid
  ), functions as (
    select policy.polrelid, string_agg(distinct pg_catalog.md5(proc.prosrc || proc.prosecdef), ',' ) as bodies
    from pg_catalog.pg_policy as policy
    join pg_catalog.pg_depend as depend on depend.classid = 'pg_catalog.pg_policy'::regclass and depend.objid = policy.oid
      and depend.refclassid = 'pg_catalog.pg_proc'::regclass
    join pg_catalog.pg_proc as proc on proc.oid = depend.refobjid
    group by policy.polrelid
  ), reads as (
    select policy.polrelid, array_agg(distinct other.name) as names
    from pg_catalog.pg_policy as policy
    join pg_catalog.pg_depend as depend on depend.classid = 'pg_catalog.pg_policy'::regclass and depend.objid = policy.oid
      and depend.refclassid = 'pg_catalog.pg_class'::regclass and depend.refobjid <> policy.polrelid
    join named as other on other.oid = depend.refobjid
    group by policy.polrelid
  ), columns as (
    select attrelid, string_agg(attname || ' ' || pg_catalog.format_type(atttypid, atttypmod), ', ' order by attnum) as text
    from pg_catalog.pg_attribute where attnum > 0 and not attisdropped group by attrelid
  )
  select named.name, named.oid::text as oid, coalesce(policies.text, '') as policies,
    concat_ws(' | ', named.relrowsecurity, named.relforcerowsecurity, columns.text, policies.text, functions.bodies) as shape,
    coalesce(to_json(reads.names), '[]'::json) as "policyTables"
  from named
  left join policies on policies.polrelid = named.oid
  left join functions on functions.polrelid = named.oid
  left join reads on reads.polrelid = named.oid
  left join columns on columns.attrelid = named.oid
  order by named.name`

/** All tables and views of the database, by name. */
export async function readTables(
  database: Pick<CacheDatabase, 'ask'>,
): Promise<ReadonlyMap<string, CachedTable>> {
  const rows = (await database.ask(TABLES)) as readonly CachedTable[]
  return new Map(rows.map((row) => [row.name, row]))
}
