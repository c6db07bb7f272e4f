import { takesNumber } from './takes-number.ts'

/** A column, as far as the application reaches it. */
export interface ProbedColumn {
  readonly name: string
  /** Quoted. */
  readonly ident: string
  /** Fit for a cast: with the schema where it needs one, without a length. */
  readonly type: string
  /** The name of the type below a domain, such as `int4`. */
  readonly baseType: string
  /** The most characters that it holds, or NULL for any number. */
  readonly length: number | null
  readonly readable: boolean
  readonly insertable: boolean
  readonly updatable: boolean
  /** Computed from other columns, so that nothing can be put into it. */
  readonly generated: boolean
  /** GENERATED ALWAYS AS IDENTITY, so that a value is taken only with OVERRIDING SYSTEM VALUE. */
  readonly always: boolean
  /** Left out of an INSERT, it takes the next number of a sequence, which no rollback gives back. */
  readonly counts: boolean
  /** Part of a foreign key. */
  readonly refers: boolean
  /** Part of a partition key, so that another value may belong elsewhere. */
  readonly partitions: boolean
}

/** It waits for whoever has locked the relation, so tables are not asked. */
const VIEW_TAKES = `case when reachable.kind = 'v' then pg_column_is_updatable(att.attrelid, att.attnum, true) else true end`

/**
 * SQL for the columns of `reachable` as a JSON array.
 *
 * `format_type` with -1 names `bpchar`, where with NULL it would name `character`, which is one character long.
 */
export const COLUMNS: string = `(
  select jsonb_agg(jsonb_build_object(
    'name', att.attname, 'ident', quote_ident(att.attname), 'type', format_type(att.atttypid, -1),
    'baseType', coalesce(base.typname, typ.typname),
    'length', case when coalesce(base.typname, typ.typname) in ('varchar', 'bpchar')
      and greatest(att.atttypmod, typ.typtypmod) > 4 then greatest(att.atttypmod, typ.typtypmod) - 4 end,
    'readable', has_column_privilege(reachable.app, att.attrelid, att.attnum, 'SELECT'),
    'insertable', has_column_privilege(reachable.app, att.attrelid, att.attnum, 'INSERT')
      and ${VIEW_TAKES},
    'updatable', has_column_privilege(reachable.app, att.attrelid, att.attnum, 'UPDATE')
      and ${VIEW_TAKES},
    'generated', att.attgenerated <> '', 'always', att.attidentity = 'a',
    'counts', att.attidentity <> '' or coalesce(${takesNumber('def')}, false),
    'refers', exists (
      select from pg_constraint as con where con.conrelid = att.attrelid and con.contype = 'f' and att.attnum = any (con.conkey)
    ),
    'partitions', coalesce(att.attnum = any (part.partattrs::int2[]), false)
  ) order by att.attnum)
  from pg_attribute as att
  join pg_type as typ on typ.oid = att.atttypid
  left join pg_type as base on base.oid = typ.typbasetype
  left join pg_attrdef as def on def.adrelid = att.attrelid and def.adnum = att.attnum
  left join pg_partitioned_table as part on part.partrelid = att.attrelid
  where att.attrelid = reachable.oid and att.attnum > 0 and not att.attisdropped
)`
