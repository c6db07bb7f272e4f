const DAYS_PER_ERA = 146_097
const YEARS_PER_ERA = 400
/** From 0000-03-01, where an era begins, to 1970-01-01. */
const DAYS_TO_EPOCH = 719_468

/**
 * Days from 1970-01-01 to the first day of a month, in the Gregorian calendar of all years, which is PostgreSQL's. Whole numbers only:
 * there is no Date, and so no time zone, that could come between.
 *
 * @param month from 1 to 12
 * @see https://howardhinnant.github.io/date_algorithms.html#days_from_civil
 */
export function epochDayOf(year: number, month: number): number {
  // Years begin in March, so that the day of a leap year is the last one.
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / YEARS_PER_ERA)
  const yearOfEra = shifted - era * YEARS_PER_ERA
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5)
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * DAYS_PER_ERA + dayOfEra - DAYS_TO_EPOCH
}

/** The year, and the month from 1 to 12, that a day lies in. */
export function civilMonthOf(epochDay: number): { readonly year: number; readonly month: number } {
  const shifted = epochDay + DAYS_TO_EPOCH
  const era = Math.floor(shifted / DAYS_PER_ERA)
  const dayOfEra = shifted - era * DAYS_PER_ERA
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = ((shiftedMonth + 2) % 12) + 1
  return { year: era * YEARS_PER_ERA + yearOfEra + (month <= 2 ? 1 : 0), month }
}
