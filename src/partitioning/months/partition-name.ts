import { createHash } from 'node:crypto'
import { type Month, monthOf, monthText } from './month.ts'

/** NAMEDATALEN - 1: PostgreSQL cuts longer names without an error, which can make two of them one. */
const MOST_BYTES = 63
const HASH_DIGITS = 8
/** `_2026_12`. */
const MONTH_BYTES = 8
const MONTH_AT_END = /_(?<year>\d{4})_(?<month>0[1-9]|1[0-2])$/

/**
 * The name of a table's partition: `audit_log_2026_12`. Where that is longer than 63 bytes, the end of the table's name gives way to a
 * digest of all of it; the month stays, for people and for {@link monthOfPartitionName}.
 */
export function partitionName(table: string, month: Month): string {
  return `${stemOf(table)}_${monthText(month, '_')}`
}

/** The month that a partition of the table is for by its name; nothing where the name is none of {@link partitionName}'s. */
export function monthOfPartitionName(table: string, name: string): Month | undefined {
  const { year, month } = MONTH_AT_END.exec(name)?.groups ?? {}
  if (year === undefined || month === undefined || Number(year) === 0) return undefined
  return name.slice(0, -MONTH_BYTES) === stemOf(table) ? monthOf(Number(year), Number(month)) : undefined
}

function stemOf(table: string): string {
  if (Buffer.byteLength(table) + MONTH_BYTES <= MOST_BYTES) return table
  const digest = createHash('sha256').update(table).digest('hex').slice(0, HASH_DIGITS)
  return `${wholeCharacters(table, MOST_BYTES - MONTH_BYTES - HASH_DIGITS - 1)}_${digest}`
}

/** As many characters as fit, none of them cut apart. */
function wholeCharacters(text: string, bytes: number): string {
  let kept = ''
  let size = 0
  for (const character of text) {
    size += Buffer.byteLength(character)
    if (size > bytes) break
    kept += character
  }
  return kept
}
