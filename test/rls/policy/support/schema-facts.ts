import type { ClientBase } from 'pg'

/** Everything that a schema says, as PostgreSQL prints it, without the ids and the order in which things were made. */
const FACTS = `
with relation as (
  select class.*, class.oid::regclass::text as object from pg_class as class join pg_namespace as space on space.oid = relnamespace
  where nspname !~ '^pg_' and nspname <> 'information_schema'
), acl as (
  select 'table ' || object as object, relacl as acl from relation
  union all select 'schema ' || nspname, nspacl from pg_namespace where nspname !~ '^pg_'
  union all select 'database', datacl from pg_database where datname = current_database()
  union all select 'default ' || defaclrole::regrole || ' ' || defaclnamespace::regnamespace || ' ' || defaclobjtype::text, defaclacl from pg_default_acl
  union all select 'column ' || object || '.' || attname, attacl from pg_attribute join relation on relation.oid = attrelid where attacl is not null
), fact as (
  select format('relation %s %s row security %s forced %s identity %s owner %s', relkind, object, relrowsecurity, relforcerowsecurity, relreplident, relowner::regrole) as fact from relation
  union all
  select format('column %s.%s %s not null %s default %s', object, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid))
  from relation join pg_attribute on attrelid = relation.oid and attnum > 0 and not attisdropped and relkind in ('r', 'p')
  left join pg_attrdef on adrelid = attrelid and adnum = attnum
  union all
  select format('constraint %s %s %s valid %s', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated)
  from pg_constraint where conrelid in (select oid from relation) and contype <> 'n'
  union all
  select format('index %s valid %s', pg_get_indexdef(indexrelid), indisvalid) from pg_index where indrelid in (select oid from relation)
  union all
  select format('policy %s %s %s %s %s using %s check %s', polrelid::regclass, polname, polpermissive, polcmd,
    (select string_agg(case role when 0 then 'public' else role::regrole::text end, ',' order by role) from unnest(polroles) as role),
    pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
  from pg_policy
  union all
  select format('grant on %s to %s: %s', object, coalesce(nullif(grantee, 0)::regrole::text, 'public'), string_agg(privilege_type, ' ' order by privilege_type))
  from acl, aclexplode(acl) group by object, grantee
  union all
  select format('function %s', oid::regprocedure) from pg_proc where pronamespace in (select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema')
)
select fact from fact order by fact collate "C"`

/** The facts of a schema, one a line, in alphabetical order. */
export async function schemaFacts(client: ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ fact: string }>(FACTS)
  return rows.map(({ fact }) => fact)
}
