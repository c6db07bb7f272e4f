import { quoteName } from '../../../rls/sql/quote.ts'
import type { TableState } from '../../catalog/partition-catalog.ts'
import { KEY_TYPE_NAMES } from '../../months/month-bound.ts'
import { type Found, type PartitionRule, tableRule } from '../partition-rule.ts'
import { objectOf, parentOf } from '../relation-name.ts'

/** Nothing of the rest can be said of a table that is not there, or is not kept in months of this key. */
export const tableNotPartitioned: PartitionRule = tableRule({
  id: 'table-not-partitioned',
  invariant: undefined,
  title: 'A table of the set is not there, or is not partitioned as it says',
  severity: 'error',
  find: (table, { set }) => {
    const problem = problemOf(table)
    return problem === undefined ? [] : [{ object: objectOf(parentOf(set, table.definition)), ...problem }]
  },
})

function problemOf({ parent, definition }: TableState): Omit<Found, 'object'> | undefined {
  if (!parent) {
    return {
      message: 'It does not exist.',
      fix: 'Make it with a migration, or take it out of `partitions` in the configuration.',
    }
  }
  if (parent.kind === 'r') {
    return {
      message: 'It is a plain table.',
      fix: `\`leasehold partitions convert ${definition.name}\` makes it a partitioned one, beside readers and writers.`,
    }
  }
  const { partitionKey } = parent
  if (partitionKey?.column === definition.key && isType(partitionKey.type, definition.keyType))
    return undefined
  return {
    message: `It is not partitioned by range of ${quoteName(definition.key)} as ${definition.keyType}${
      partitionKey ? `, but of ${quoteName(partitionKey.column)} as ${partitionKey.type}` : ''
    }.`,
    fix: 'Write `key` and `keyType` in the configuration as the table has them. A table that is not kept by one column needs a new one.',
  }
}

/** Catalogs are read by `format_type` or by `typname`. */
function isType(type: string, keyType: TableState['definition']['keyType']): boolean {
  return type === keyType || type === KEY_TYPE_NAMES[keyType]
}
