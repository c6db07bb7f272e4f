import { quoteName } from '../../../rls/sql/quote.ts'
import type { Leaf, LooseTable } from '../../catalog/partition-catalog.ts'
import { type Found, type PartitionRule, tableRule } from '../partition-rule.ts'
import { identOf, objectOf } from '../relation-name.ts'

/** A partition is published with its parent. One that is published by its own name goes on to be when it is detached, or is the only one that is. */
export const publicationParity: PartitionRule = tableRule({
  id: 'publication-parity',
  invariant: 'I10',
  title: 'A partition is published otherwise than its parent',
  severity: 'warning',
  find: ({ parent, leaves, loose }) => {
    const inherited = new Set(parent?.publications)
    const ofLeaves = leaves.flatMap((leaf) =>
      leaf.publications.filter((name) => !inherited.has(name)).map((name) => published(leaf, name)),
    )
    return [
      ...ofLeaves,
      ...loose.flatMap((table) => table.publications.map((name) => published(table, name))),
    ]
  },
})

function published(partition: Leaf | LooseTable, publication: string): Found {
  return {
    object: objectOf(partition),
    message: `The publication ${quoteName(publication)} names it or its schema, and not its parent: subscribers get this month and no other.`,
    fix: 'Publish the parent, whose partitions go with it, and take this one out of the publication.',
    sql: `alter publication ${quoteName(publication)} drop table ${identOf(partition)};`,
  }
}
