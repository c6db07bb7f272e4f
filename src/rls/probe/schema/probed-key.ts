/** Something of a table that no two rows may have in common. */
export interface ProbedKey {
  readonly name: string
  /** The constraint that it is, quoted, or NULL for a mere index. */
  readonly constraint: string | null
  readonly primary: boolean
  /** An exclusion constraint, which knows no DO UPDATE. */
  readonly exclusion: boolean
  readonly deferrable: boolean
  /** Rows of different tenants never collide. */
  readonly scoped: boolean
  /** It has all rows and consists of columns only, which are not null. */
  readonly identifies: boolean
  /** Names of all columns that have to do with it. */
  readonly columns: readonly string[]
  /** What it compares, as PostgreSQL prints it. */
  readonly compares: readonly string[]
  readonly predicate: string | null
}

/** The columns of a constraint are the constraint's dependencies and not the index's. */
const COLUMN_NAMES = `(
  select jsonb_agg(att.attname order by att.attnum) from pg_attribute as att
  where att.attrelid = index.indrelid and att.attnum > 0 and (att.attnum = any (index.indkey::int2[]) or exists (
    select from pg_depend as dep
    where dep.classid = 'pg_class'::regclass and dep.objid = index.indexrelid
      and dep.refclassid = 'pg_class'::regclass and dep.refobjid = index.indrelid
      and dep.refobjsubid = att.attnum
  ))
)`

/** An exclusion constraint holds within a tenant where it compares tenants by equality. */
const SCOPED = `case when index.indisexclusion then exists (
    select from unnest(con.conkey, con.conexclop) as part (att, op)
    join pg_operator as op on op.oid = part.op
    where part.att = reachable.tenant and op.oprname = '='
  ) else coalesce(reachable.tenant = any ((index.indkey::int2[])[0:index.indnkeyatts - 1]), false) end`

/** SQL for the keys of `reachable` as a JSON array. */
export const KEYS: string = `(
  select coalesce(jsonb_agg(jsonb_build_object(
    'name', class.relname, 'constraint', quote_ident(con.conname), 'primary', index.indisprimary,
    'exclusion', index.indisexclusion, 'deferrable', not index.indimmediate, 'scoped', ${SCOPED},
    'identifies', index.indpred is null and not index.indisexclusion and not exists (
      select from unnest((index.indkey::int2[])[0:index.indnkeyatts - 1]) as part (att)
      left join pg_attribute as att on att.attrelid = index.indrelid and att.attnum = part.att and part.att > 0
      where att.attnotnull is not true
    ),
    'columns', coalesce(${COLUMN_NAMES}, '[]'),
    'compares', (
      -- pg_get_indexdef waits for whoever has locked the table.
      select jsonb_agg(coalesce(quote_ident(att.attname), pg_get_indexdef(index.indexrelid, n, false)) order by n)
      from generate_series(1, index.indnkeyatts) as n
      left join pg_attribute as att on att.attrelid = index.indrelid and att.attnum = index.indkey[n - 1] and att.attnum > 0
    ),
    'predicate', pg_get_expr(index.indpred, index.indrelid)
  ) order by index.indisprimary desc, class.relname), '[]')
  from pg_index as index
  join pg_class as class on class.oid = index.indexrelid
  left join pg_constraint as con
    on con.conindid = index.indexrelid and con.conrelid = index.indrelid and con.contype in ('p', 'u', 'x')
  where index.indrelid = reachable.oid and (index.indisunique or index.indisexclusion) and index.indisvalid
)`
