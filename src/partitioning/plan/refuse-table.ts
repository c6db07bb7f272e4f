import type { ParentState, TableState } from '../catalog/partition-catalog.ts'
import { objectOf, parentOf } from '../check/relation-name.ts'
import type { PartitionSet } from '../definition/partition-options.ts'
import { KEY_TYPE_NAMES } from '../months/month-bound.ts'
import type { PlanRefusal } from './step.ts'

/** Why nothing is done about a table. */
export function refuseTable(set: PartitionSet, state: TableState): readonly PlanRefusal[] {
  const { definition, parent } = state
  const table = objectOf(parentOf(set, definition))
  const refusal = (reason: string, message: string, fix: string): PlanRefusal => ({
    table,
    partition: undefined,
    reason,
    message,
    fix,
  })
  if (!parent) {
    return [
      refusal(
        'table-missing',
        `${table} does not exist.`,
        'Make it with a migration, or take it out of `partitions` in the configuration.',
      ),
    ]
  }
  const { primaryKey, partitionKey } = parent
  const refusals: PlanRefusal[] = []
  if (parent.kind === 'r') {
    refusals.push(
      refusal(
        'not-partitioned',
        `${table} is a plain table.`,
        `\`leasehold partitions convert ${definition.name}\` makes it a partitioned one, beside readers and writers.`,
      ),
    )
  } else if (!partitionKey || !isSameKey(partitionKey, state)) {
    const is = partitionKey
      ? `of ${partitionKey.column}, a ${partitionKey.type}`
      : 'of something else than one column, or not by range'
    refusals.push(
      refusal(
        'key-differs',
        `${table} is partitioned by range ${is}, and not of ${definition.key} as a ${definition.keyType}.`,
        'Correct key and keyType in the configuration. The key of a partitioned table cannot be changed.',
      ),
    )
  }
  if (primaryKey.length > 0 && !primaryKey.includes(definition.key)) {
    refusals.push(
      refusal(
        'key-not-in-primary-key',
        `The primary key of ${table} (${primaryKey.join(', ')}) is without ${definition.key}: PostgreSQL keeps keys unique within partitions only, and wants the column by which they are told apart in each.`,
        `\`leasehold partitions convert ${definition.name}\` shows what a key with ${definition.key} means for the application.`,
      ),
    )
  }
  if (refusals.length === 0 && !parent.rowSecurity) refusals.push(rowSecurityOff(refusal, table))
  return refusals
}

function rowSecurityOff(
  refusal: (reason: string, message: string, fix: string) => PlanRefusal,
  table: string,
): PlanRefusal {
  return refusal(
    'row-security-off',
    `${table} has row security off: partitions would be closed while all of them are open through the table.`,
    '`leasehold rls generate` prints what turns it on, with its policies.',
  )
}

/** The catalog names types as `format_type` does, or as pg_type does. */
function isSameKey(
  { column, type }: NonNullable<ParentState['partitionKey']>,
  { definition }: TableState,
): boolean {
  const { key, keyType } = definition
  const names = [KEY_TYPE_NAMES[keyType], keyType === 'uuidv7' ? 'uuid' : keyType]
  return column === key && names.includes(type.replace(/\(\d\)/, ''))
}
