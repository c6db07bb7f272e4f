const US_PER_MS = 1000n

/** An instant of the catalog for people, in UTC: to the second, since bounds of months have no more. */
export function describeInstant(us: bigint | undefined): string {
  if (us === undefined) return 'open'
  const ms = Number(us / US_PER_MS)
  // Beyond what a Date holds, which PostgreSQL's timestamps reach.
  if (Math.abs(ms) > 8.64e15) return `${us} us`
  return new Date(ms).toISOString().replace(/\.000Z$/, 'Z')
}

/** `2026-11-01T00:00:00Z to 2026-12-01T00:00:00Z`. */
export function describeSpan(low: bigint | undefined, high: bigint | undefined): string {
  return `${low === undefined ? 'the beginning' : describeInstant(low)} to ${high === undefined ? 'the end' : describeInstant(high)}`
}
