import type { KeyType } from '../definition/partition-options.ts'
import { type Month, monthStartUs, monthText } from './month.ts'

/** The name that `format_type` gives the type of a key. */
export const KEY_TYPE_NAMES: Readonly<Record<KeyType, string>> = {
  timestamptz: 'timestamp with time zone',
  timestamp: 'timestamp without time zone',
  date: 'date',
  uuidv7: 'uuid',
}

/**
 * The first instant of a month as a quoted literal of the key's type, such as `'2026-12-01 00:00:00+00'`. It means the same instant
 * whatever TimeZone and DateStyle are: the year comes first, in four digits, and a timestamptz says its offset.
 *
 * A uuidv7 begins with 48 bits of milliseconds; the lowest of a millisecond, of any version, has nothing but zeros behind them.
 *
 * @throws {RangeError} outside of the years 1 to 9999, and before 1970 for a uuidv7
 * @see https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-INPUT
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
 */
export function monthBound(month: Month, keyType: KeyType): string {
  const day = `${monthText(month)}-01`
  switch (keyType) {
    case 'date':
      return `'${day}'`
    case 'timestamp':
      return `'${day} 00:00:00'`
    case 'timestamptz':
      return `'${day} 00:00:00+00'`
    case 'uuidv7':
      return `'${lowestUuid(monthStartUs(month) / 1_000n)}'`
  }
}

/** The same with its type, as an expression needs it. */
export function monthValue(month: Month, keyType: KeyType): string {
  return `${monthBound(month, keyType)}::${KEY_TYPE_NAMES[keyType]}`
}

function lowestUuid(milliseconds: bigint): string {
  if (milliseconds < 0n) throw new RangeError('A uuidv7 holds no instant before 1970.')
  const hex = milliseconds.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}
