import { quoteName } from '../../rls/sql/quote.ts'
import type { Leaf, LooseTable, TableState } from '../catalog/partition-catalog.ts'
import type { PartitionSet } from '../definition/partition-options.ts'

/** Everything that holds, or held, rows of a table: its partitions, and those that are attached to nothing. */
export function ownRelations({ leaves, loose }: TableState): readonly (Leaf | LooseTable)[] {
  return [...leaves, ...loose]
}

/**
 * Says who mends a partition: a run, but for a table that was detached and that somebody has put elsewhere, which a run leaves alone.
 *
 * @param what such as `drops them`
 */
export function mendedBy(set: PartitionSet, relation: Leaf | LooseTable, what: string): string {
  const isReached =
    'detachPending' in relation || [set.partsSchema, set.detachedSchema].includes(relation.schema)
  return isReached
    ? `\`leasehold partitions apply\` ${what}.`
    : `It was detached and put into ${quoteName(relation.schema)}, where a run leaves it alone: put it into ${quoteName(set.detachedSchema)}, or run the statements.`
}
