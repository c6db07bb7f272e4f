/**
 * The instant at which clocks in a time zone show a date and a time. Of a time that they skip it is the one an hour later, and of one
 * that they show twice the first.
 *
 * @param date such as `2026-11-23`
 * @param time such as `09:30`
 * @param timeZone of the IANA database
 * @throws {RangeError} what is no date, no time, or no time zone
 */
export function instantOf(date: string, time: string, timeZone: string): Date {
  const asUtc = Date.parse(`${date}T${time}:00Z`)
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !/^\d\d:\d\d$/.test(time) || Number.isNaN(asUtc)) {
    throw new RangeError('A date such as 2026-11-23 and a time such as 09:30 are wanted.')
  }
  // The offset of a day before is that before any change of clocks; where it fits, it is the first of two.
  const guesses = [asUtc - DAY_MS, asUtc + DAY_MS].map((at) => asUtc - offsetMs(at, timeZone))
  const [before = asUtc, after = asUtc] = guesses
  return new Date(
    offsetMs(before, timeZone) === asUtc - before || before === after
      ? before
      : fitting(asUtc, before, after, timeZone),
  )
}

const DAY_MS = 24 * 60 * 60 * 1_000

function fitting(asUtc: number, before: number, after: number, timeZone: string): number {
  return offsetMs(after, timeZone) === asUtc - after ? after : before
}

/** How far clocks in a time zone are ahead of UTC at an instant. */
function offsetMs(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  }).formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value)
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
  return shown - Math.floor(at / 1_000) * 1_000
}
