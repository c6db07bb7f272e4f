const FIRST_MS = 50
const LONGEST_MS = 2_000

/**
 * How long to wait before a step is tried again: twice as long each time, and never the same for two runs.
 *
 * @param attempt how often it has been tried
 * @param random from 0 to 1
 * @returns milliseconds
 */
export function backoffMs(attempt: number, random: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt)
  return Math.round(longest / 2 + (longest / 2) * random)
}
