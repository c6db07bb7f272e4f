import { KEY_TYPE_NAMES } from '../../months/month-bound.ts'
import { primaryKeyOf } from '../conversion.ts'
import type { PreflightRule } from './refusal.ts'

/** The column that the table is to be partitioned by. */
export const partitionKey: PreflightRule = ({ conversion: { object, table }, shape }) => {
  const column = shape.columns.find(({ name }) => name === table.key)
  if (!column) {
    const message = `${object} has no column ${table.key}.`
    return [{ reason: 'key-missing', message, fix: 'Correct `key` of its definition.' }]
  }
  const wanted = KEY_TYPE_NAMES[table.keyType]
  // A precision, such as in timestamp(3) with time zone, is no other type.
  const type = column.type.replace(/\(\d\)/, '')
  return [
    ...(type === wanted
      ? []
      : [
          {
            reason: 'key-type',
            message: `The column ${table.key} of ${object} is of type ${column.type}, and its definition says ${table.keyType}.`,
            fix: 'Correct `keyType` of its definition.',
          },
        ]),
    ...(column.notNull
      ? []
      : [
          {
            reason: 'key-nullable',
            message: `The column ${table.key} of ${object} may be null, and a row without a key belongs to no month.`,
            fix: `Fill it, then: ALTER TABLE ${object} ADD CONSTRAINT ${table.key}_set CHECK (${table.key} IS NOT NULL) NOT VALID; VALIDATE it; ALTER COLUMN ${table.key} SET NOT NULL, which reads the table no more; drop the CHECK.`,
          },
        ]),
    ...(column.isGenerated
      ? [
          {
            reason: 'key-generated',
            message: `The column ${table.key} of ${object} is generated, and PostgreSQL partitions by no generated column.`,
            fix: 'Partition by a column that is stored by the application.',
          },
        ]
      : []),
  ]
}

/** A key of a partitioned table has to contain the partition key, which makes it a weaker one. */
export const keyOfTable: PreflightRule = ({ conversion: { object, table }, shape, acceptKey }) => {
  const primary = primaryKeyOf(shape)
  const unique = [
    ...shape.constraints
      .filter(({ kind }) => kind === 'u')
      .map(({ name, columns }) => ({ name, columns, how: `ALTER TABLE ${object} DROP CONSTRAINT ${name}` })),
    ...shape.indexes
      .filter(({ isUnique }) => isUnique)
      .map(({ name, columns }) => ({ name, columns, how: `DROP INDEX CONCURRENTLY ${name}` })),
  ]
  const list = (columns: readonly string[]) => `(${columns.join(', ')})`
  return [
    ...(primary && !primary.columns.includes(table.key) && !acceptKey
      ? [
          {
            reason: 'key-not-in-primary-key',
            message:
              `The primary key of ${object} would change from ${list(primary.columns)} to ${list([...primary.columns, table.key])}: ` +
              `two rows with the same ${list(primary.columns)} and another ${table.key} would no longer be refused, and ` +
              `ON CONFLICT ${list(primary.columns)} would fail.`,
            fix: 'Where the application does not rely on it, say so: acceptKey (--accept-key).',
          },
        ]
      : []),
    ...unique
      .filter(({ columns }) => !columns.includes(table.key))
      .map(({ name, columns, how }) => ({
        reason: 'unique-without-key',
        message: `The unique index ${name} of ${object} is on ${list(columns)}, without ${table.key}; a partitioned table cannot have it.`,
        fix: `Replace it by one that contains ${table.key}, or by one that is not unique, and drop it: ${how}.`,
      })),
  ]
}
