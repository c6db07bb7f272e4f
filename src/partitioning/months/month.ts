import { civilMonthOf, epochDayOf } from './epoch-day.ts'

const US_PER_DAY = 86_400_000_000n
const MONTHS_PER_YEAR = 12

/** A month of UTC, as the number of months since January of the year 0: months are added, subtracted and compared as numbers. */
export type Month = number

/** Makes a month of a year and a month from 1 to 12. */
export function monthOf(year: number, month: number): Month {
  return year * MONTHS_PER_YEAR + month - 1
}

/** The month that lies so many months later; earlier, for less than none. */
export function addMonths(month: Month, count: number): Month {
  return month + count
}

/** The month of UTC that an instant, in microseconds of the Unix epoch, lies in. */
export function monthAt(us: bigint): Month {
  // BigInt division goes towards zero, and instants before 1970 are below it.
  const day = us / US_PER_DAY - (us % US_PER_DAY < 0n ? 1n : 0n)
  const { year, month } = civilMonthOf(Number(day))
  return monthOf(year, month)
}

/** The first instant of a month, in microseconds of the Unix epoch. */
export function monthStartUs(month: Month): bigint {
  return BigInt(epochDayOf(yearOf(month), monthOfYear(month))) * US_PER_DAY
}

/** The month that begins at an instant; nothing where none does. */
export function monthStartingAt(us: bigint): Month | undefined {
  const month = monthAt(us)
  return monthStartUs(month) === us ? month : undefined
}

/**
 * `2026-12`, or `2026_12` with `_` between.
 *
 * @throws {RangeError} outside of the years 1 to 9999, whose literals PostgreSQL would read as something else
 */
export function monthText(month: Month, between = '-'): string {
  const year = yearOf(month)
  if (!Number.isSafeInteger(month) || year < 1 || year > 9_999) {
    throw new RangeError(`The month ${month} lies outside of the years 1 to 9999.`)
  }
  return `${String(year).padStart(4, '0')}${between}${String(monthOfYear(month)).padStart(2, '0')}`
}

function yearOf(month: Month): number {
  return Math.floor(month / MONTHS_PER_YEAR)
}

function monthOfYear(month: Month): number {
  return month - yearOf(month) * MONTHS_PER_YEAR + 1
}
