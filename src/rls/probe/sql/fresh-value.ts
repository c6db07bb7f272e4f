import type { ProbedColumn } from '../schema/probed-column.ts'
import type { ProbedRelation } from '../schema/probed-relation.ts'

const RANDOM = 'pg_catalog.random()'

/** Values that no row is likely to have, by type, the likeliest to be a key of its own first. */
const FRESH: Readonly<Record<string, (column: ProbedColumn, value: string) => string>> = {
  uuid: () => 'pg_catalog.gen_random_uuid()',
  // Positive, and near the end of each type's range, where sequences have not come yet.
  int8: () => `9000000000000000000 + pg_catalog.floor(${RANDOM} * 200000000000000000)::int8`,
  int4: () => `2000000000 + pg_catalog.floor(${RANDOM} * 147000000)::int4`,
  int2: () => `30000 + pg_catalog.floor(${RANDOM} * 2700)::int4`,
  text: () => `pg_catalog.md5(${RANDOM}::text)`,
  varchar: ({ length }) => `pg_catalog.left(pg_catalog.md5(${RANDOM}::text), ${length ?? 32})`,
  bpchar: ({ length }) => `pg_catalog.left(pg_catalog.md5(${RANDOM}::text), ${length ?? 32})`,
  timestamptz: (_column, value) => `${value} + ${RANDOM} * interval '1 second'`,
  timestamp: (_column, value) => `${value} + ${RANDOM} * interval '1 second'`,
}
const RANKS = Object.keys(FRESH)

/** SQL for a value that no row is likely to have, or `undefined` for a type that has none. */
export function freshValue(column: ProbedColumn, value: string): string | undefined {
  const fresh = FRESH[column.baseType]?.(column, value)
  return fresh && `(${fresh})::${column.type}`
}

/**
 * Columns that make a copy of a row a row of its own: for each key one that is neither the tenant's nor part of a foreign key,
 * and best one that does not decide about the partition.
 */
export function keyColumns({ keys, columns, tenant }: ProbedRelation): ReadonlySet<string> {
  const rank = ({ baseType, partitions }: ProbedColumn) =>
    RANKS.indexOf(baseType) + (partitions ? RANKS.length : 0)
  const choose = (names: readonly string[]) =>
    columns
      .filter(({ name, refers }) => names.includes(name) && name !== tenant && !refers)
      .filter(({ baseType }) => RANKS.includes(baseType))
      .toSorted((a, b) => rank(a) - rank(b))[0]?.name
  return new Set(keys.map((key) => choose(key.columns)).filter((name) => name !== undefined))
}
