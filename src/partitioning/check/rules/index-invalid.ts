import { quoteName } from '../../../rls/sql/quote.ts'
import { ownRelations } from '../own-relations.ts'
import { type Found, type PartitionRule, tableRule } from '../partition-rule.ts'
import { objectOf, parentOf } from '../relation-name.ts'

/**
 * A partitioned index is valid once each partition has a valid one attached to it; a key that is not enforced on a partition shows so.
 *
 * @see https://www.postgresql.org/docs/current/ddl-partitioning.html
 */
export const indexInvalid: PartitionRule = tableRule({
  id: 'index-invalid',
  invariant: 'I6',
  title: 'An index is not valid, or a partition has no part of it',
  severity: 'warning',
  find: (table, { set }) => {
    const parent = parentOf(set, table.definition)
    return [
      ...(table.parent?.invalidIndexes ?? []).map((index) => ofParent(objectOf(parent), index)),
      ...table.leaves.flatMap((leaf) => leaf.missingIndexes.map((index) => missing(objectOf(leaf), index))),
      ...ownRelations(table).flatMap((partition) =>
        partition.invalidIndexes.map((index) => invalid(partition.schema, objectOf(partition), index)),
      ),
    ]
  },
})

function ofParent(object: string, index: string): Found {
  return {
    object,
    message: `Its index ${quoteName(index)} is not valid: some partition has no valid part of it.`,
    fix: 'Mend the partitions that are named beside this; it becomes valid with the last of them.',
  }
}

function missing(object: string, index: string): Found {
  return {
    object,
    message: `No index of it is attached to ${quoteName(index)} of its parent.`,
    fix: `Build the same index on it with CREATE INDEX CONCURRENTLY, then ALTER INDEX ${quoteName(index)} ATTACH PARTITION it.`,
  }
}

function invalid(schema: string, object: string, index: string): Found {
  return {
    object,
    message: `Its index ${quoteName(index)} is not valid: it costs writes, serves no reads, and keeps its parent's index invalid.`,
    fix: 'Build it again, or drop it if it is what a cancelled CREATE INDEX CONCURRENTLY left.',
    sql: `reindex index concurrently ${quoteName(schema)}.${quoteName(index)};`,
  }
}
