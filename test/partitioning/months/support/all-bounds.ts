import type { KeyType } from '../../../../src/partitioning/definition/partition-options.ts'
import { addMonths, monthAt, monthOf, monthStartUs } from '../../../../src/partitioning/months/month.ts'
import { monthBound } from '../../../../src/partitioning/months/month-bound.ts'
import { partitionName } from '../../../../src/partitioning/months/partition-name.ts'

export const KEY_TYPES: readonly KeyType[] = ['timestamptz', 'timestamp', 'date', 'uuidv7']

/** Every month of 1970 to 2100. */
export const MONTHS: readonly number[] = Array.from(
  { length: 131 * 12 },
  (_, index) => monthOf(1970, 1) + index,
)

/** A line a month: its first instant, the months of the instants on both sides of it, its name, and its bound of each type. */
export function allBounds(): string {
  return MONTHS.map((month) => {
    const us = monthStartUs(month)
    const around = [us - 1n, us, monthStartUs(addMonths(month, 1)) - 1n].map(monthAt)
    const bounds = KEY_TYPES.map((keyType) => monthBound(month, keyType))
    return [us, ...around, partitionName('audit_log', month), ...bounds].join(' ')
  }).join('\n')
}
