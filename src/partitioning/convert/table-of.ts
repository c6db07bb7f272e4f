import type { PartitionedTable, PartitionSet } from '../definition/partition-options.ts'

/**
 * The table of a set by its name.
 *
 * @throws {RangeError} where there is none
 */
export function tableOf(set: PartitionSet, name: string): PartitionedTable {
  const found = set.tables.find((each) => each.name === name)
  if (found) return found
  throw new RangeError(
    `The set has no table ${name}. Its tables are: ${set.tables.map((each) => each.name).join(', ')}.`,
  )
}
