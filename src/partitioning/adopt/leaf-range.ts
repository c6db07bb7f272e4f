/** What a partition covers, in milliseconds of the Unix epoch; open sides are infinite. */
export interface LeafRange {
  readonly lowMs: number
  readonly highMs: number
}

/**
 * Reads a bound as `pg_get_expr` prints it where the session's zone is UTC and its style ISO.
 *
 * @returns nothing for a bound that is no range of one column, such as DEFAULT
 */
export function leafRange(bound: string): LeafRange | undefined {
  const [, low, high] = /^FOR VALUES FROM \((.*)\) TO \((.*)\)$/.exec(bound) ?? []
  if (low === undefined || high === undefined) return undefined
  const lowMs = instant(low, Number.NEGATIVE_INFINITY)
  const highMs = instant(high, Number.POSITIVE_INFINITY)
  return Number.isNaN(lowMs) || Number.isNaN(highMs) ? undefined : { lowMs, highMs }
}

const TIME = /^'(\d{4,6})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:\+00)?)?'$/
const UUID = /^'([0-9a-f]{8})-([0-9a-f]{4})-/

function instant(text: string, open: number): number {
  if (text === 'MINVALUE' || text === 'MAXVALUE') return open
  const [, high, low] = UUID.exec(text) ?? []
  if (high && low) return Number.parseInt(high + low, 16)
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0'] = TIME.exec(text) ?? []
  if (year === undefined) return Number.NaN
  const whole = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  return whole + Number(`0.${fraction}`) * 1000
}
