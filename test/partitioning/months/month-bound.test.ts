import { describe, expect, it } from 'vitest'
import { monthOf } from '../../../src/partitioning/months/month.ts'
import { monthBound, monthValue } from '../../../src/partitioning/months/month-bound.ts'

describe('The bound of a month', () => {
  it('is an instant of UTC, in the way of each type', () => {
    const month = monthOf(2026, 12)
    expect(monthBound(month, 'timestamptz')).toBe("'2026-12-01 00:00:00+00'")
    expect(monthBound(month, 'timestamp')).toBe("'2026-12-01 00:00:00'")
    expect(monthBound(month, 'date')).toBe("'2026-12-01'")
    expect(monthBound(month, 'uuidv7')).toBe("'01a22ee6-b000-0000-0000-000000000000'")
    expect(0x01a22ee6b000).toBe(Date.UTC(2026, 11, 1))
  })

  it('has its type with it where an expression needs one', () => {
    expect(monthValue(monthOf(1970, 1), 'uuidv7')).toBe("'00000000-0000-0000-0000-000000000000'::uuid")
    expect(monthValue(monthOf(2026, 1), 'date')).toBe("'2026-01-01'::date")
  })

  it('of a uuidv7 is none before 1970', () => {
    expect(() => monthBound(monthOf(1969, 12), 'uuidv7')).toThrow(RangeError)
    expect(monthBound(monthOf(1969, 12), 'timestamptz')).toBe("'1969-12-01 00:00:00+00'")
  })
})
