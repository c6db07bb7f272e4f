import { describe, expect, it } from 'vitest'
import { instantOf } from '../../../examples/portal/lib/zoned-time.ts'

describe('the instant at which clocks show a time', () => {
  it.each([
    ['2026-11-23', '09:30', 'Europe/Berlin', '2026-11-23T08:30:00.000Z'],
    ['2026-07-01', '09:30', 'Europe/Berlin', '2026-07-01T07:30:00.000Z'],
    ['2026-07-01', '00:10', 'America/New_York', '2026-07-01T04:10:00.000Z'],
    ['2026-07-01', '09:30', 'Asia/Kolkata', '2026-07-01T04:00:00.000Z'],
    ['2026-03-29', '03:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    // Skipped: at two it is three.
    ['2026-03-29', '02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    // Shown twice.
    ['2026-10-25', '02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25', '03:00', 'Europe/Berlin', '2026-10-25T02:00:00.000Z'],
    ['2026-01-01', '09:30', 'UTC', '2026-01-01T09:30:00.000Z'],
  ])('%s %s in %s is %s', (date, time, zone, instant) => {
    expect(instantOf(date, time, zone).toISOString()).toBe(instant)
  })

  it.each([
    ['today', '09:30', 'UTC'],
    ['2026-02-30', '9:30', 'UTC'],
    ['2026-11-23', '25:00', 'UTC'],
    ['2026-11-23', '09:30', 'Clinic/Desk'],
  ])('is refused for %s %s in %s', (date, time, zone) => {
    expect(() => instantOf(date, time, zone)).toThrow(RangeError)
  })
})
