import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addMonths,
  monthAt,
  monthOf,
  monthStartingAt,
  monthStartUs,
  monthText,
} from '../../../src/partitioning/months/month.ts'

/** The second opinion: Date, which knows UTC as well. It counts in milliseconds, and takes years below 100 for those of a century. */
function dateUs(year: number, month: number): bigint {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, 1)
  return BigInt(date.getTime()) * 1_000n
}

const anyYear = fc.integer({ min: 1, max: 9_999 })
const anyMonth = fc.integer({ min: 1, max: 12 })
const anyInstantUs = fc.bigInt({ min: dateUs(1, 1), max: dateUs(9_999, 12) })

describe('A month', () => {
  it('begins at the instant that Date says, in every month of the years 1 to 9999', () => {
    for (let year = 1; year <= 9_999; year++) {
      for (let month = 1; month <= 12; month++) {
        const start = monthStartUs(monthOf(year, month))
        if (start !== dateUs(year, month)) expect(start, `${year}-${month}`).toBe(dateUs(year, month))
      }
    }
  })

  it('is found of its first and its last microsecond, also before 1970', () => {
    const property = fc.property(anyYear, anyMonth, (year, number) => {
      const month = monthOf(year, number)
      expect(monthAt(monthStartUs(month))).toBe(month)
      expect(monthAt(monthStartUs(month) - 1n)).toBe(month - 1)
      expect(monthAt(monthStartUs(addMonths(month, 1)) - 1n)).toBe(month)
    })
    fc.assert(property, { numRuns: 2_000 })
  })

  it('holds every instant: no gap and no overlap', () => {
    const property = fc.property(anyInstantUs, (us) => {
      const month = monthAt(us)
      expect(monthStartUs(month) <= us && us < monthStartUs(addMonths(month, 1))).toBe(true)
    })
    fc.assert(property, { numRuns: 5_000 })
  })

  it('of a day at the end of a long month is followed by the short one', () => {
    const lastOfJanuary = BigInt(Date.parse('2027-01-31T23:59:59.999Z')) * 1_000n
    expect(monthText(addMonths(monthAt(lastOfJanuary), 1))).toBe('2027-02')
    expect(monthText(addMonths(monthOf(2026, 12), 1))).toBe('2027-01')
    expect(monthText(addMonths(monthOf(2027, 1), -13))).toBe('2025-12')
  })

  it('begins at one instant only', () => {
    const start = monthStartUs(monthOf(2026, 12))
    expect(monthStartingAt(start)).toBe(monthOf(2026, 12))
    expect(monthStartingAt(start + 1n)).toBeUndefined()
    expect(monthStartingAt(start - 1n)).toBeUndefined()
  })

  it('is written with four digits of the year, which is all that PostgreSQL reads without doubt', () => {
    expect(monthText(monthOf(970, 3))).toBe('0970-03')
    expect(monthText(monthOf(9_999, 12), '_')).toBe('9999_12')
    expect(() => monthText(monthOf(10_000, 1))).toThrow(RangeError)
    expect(() => monthText(monthOf(0, 12))).toThrow(RangeError)
    expect(() => monthText(Number.NaN)).toThrow(RangeError)
  })
})
