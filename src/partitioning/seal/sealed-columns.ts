import { ArchiveError } from '../archive/archive-error.ts'
import type { ArchivedPartition } from '../archive/archived-partition.ts'
import type { ArchivedShape } from '../archive/archived-shape.ts'

/**
 * Where the columns of a sealed shape are among those that there are now. Columns that were added later are none of the seal's.
 *
 * @returns nothing where all columns are sealed, in their order
 * @throws {ArchiveError} `seal` when a sealed column is gone, or of another type, or when rows are ordered by something else
 */
export function findSealedColumns(
  partition: ArchivedPartition,
  sealed: ArchivedShape,
  now: ArchivedShape,
): readonly number[] | undefined {
  const at = sealed.columns.map(({ name, type }) =>
    now.columns.findIndex((column) => column.name === name && column.type === type),
  )
  const orderOf = ({ order }: ArchivedShape) => JSON.stringify(order.map(({ column, by }) => [column, by]))
  if (at.includes(-1) || orderOf(sealed) !== orderOf(now)) {
    throw new ArchiveError(
      'seal',
      `${partition.table} has other columns, or another primary key, than when the month of ${partition.partition} was sealed, so that ` +
        'its rows cannot be compared with the seal. Bring back the sealed columns: leasehold.sealed_partition says which they are.',
    )
  }
  const all = at.length === now.columns.length && at.every((position, index) => position === index)
  return all ? undefined : at
}
