import { quoteName } from '../../../rls/sql/quote.ts'
import type { ForeignKey, RelationState } from '../../catalog/partition-catalog.ts'
import { type Found, type PartitionRule, tableRule } from '../partition-rule.ts'
import { identOf, objectOf, parentOf } from '../relation-name.ts'

/**
 * A foreign key of a partition's own makes ATTACH and DROP take ACCESS EXCLUSIVE on the other table, behind which everything that names it
 * waits (ran on 15 and 18). One that comes down from the parent is sequenced by the plan. One to the table keeps months from being retired.
 */
export const foreignKeyUnmanaged: PartitionRule = tableRule({
  id: 'foreign-key-unmanaged',
  invariant: 'I7',
  title: 'A foreign key that the job does not manage',
  severity: 'warning',
  find: (table, { set }) => [
    ...(table.parent?.referencedBy ?? []).map((key) =>
      toParent(objectOf(parentOf(set, table.definition)), key),
    ),
    ...table.leaves.flatMap((leaf) => [
      ...leaf.foreignKeys.filter(({ inherited }) => !inherited).map((key) => ofPartition(leaf, key)),
      ...leaf.referencedBy.map((key) => toPartition(leaf, key)),
    ]),
    // Of a detached one no key came down any more: whichever it has is met by its DROP.
    ...table.loose.flatMap((loose) => [
      ...loose.foreignKeys.map((key) => ofPartition(loose, key)),
      ...loose.referencedBy.map((key) => toPartition(loose, key)),
    ]),
  ],
})

function toParent(object: string, { name, table }: ForeignKey): Found {
  return {
    object,
    message: `${table} refers to it by ${quoteName(name)}. A month that rows of ${table} refer to cannot be detached, and each detach looks through ${table}.`,
    fix: `Drop the foreign key, or keep ${table} in months as well and retire it first.`,
  }
}

function ofPartition(partition: RelationState, { name, table }: ForeignKey): Found {
  return {
    object: objectOf(partition),
    message: `Its own foreign key ${quoteName(name)} makes ATTACH and DROP lock ${table} against everybody.`,
    fix: 'Drop it: a key of the parent comes down at ATTACH. It takes a short ACCESS EXCLUSIVE lock on both tables, so with a lock_timeout.',
    sql: `alter table ${identOf(partition)} drop constraint ${quoteName(name)};`,
  }
}

function toPartition(partition: RelationState, { name, table }: ForeignKey): Found {
  return {
    object: objectOf(partition),
    message: `${table} refers to this partition by ${quoteName(name)}, past its parent: it cannot be dropped, and deletes in it look through ${table}.`,
    fix: `Drop ${quoteName(name)} on ${table}.`,
  }
}
