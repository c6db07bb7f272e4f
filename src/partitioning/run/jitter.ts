const FIRST_MS = 30
const LONGEST_MS = 2_000

/**
 * How long to wait before another try: anything up to twice the time before, so that no two runs meet again and again.
 *
 * @param attempt how often it was tried
 * @param random from 0 to 1
 * @returns milliseconds
 */
export function jitterMs(attempt: number, random: number): number {
  return Math.round(Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt) * random)
}
