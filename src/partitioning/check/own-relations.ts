import type { Leaf, LooseTable, TableState } from '../catalog/partition-catalog.ts'

/** Everything that holds, or held, rows of a table: its partitions, and those that are attached to nothing. */
export function ownRelations({ leaves, loose }: TableState): readonly (Leaf | LooseTable)[] {
  return [...leaves, ...loose]
}
