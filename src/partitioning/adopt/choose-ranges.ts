import { type Month, monthStartUs } from '../months/month.ts'
import type { MonthCount } from './count-months.ts'
import type { LeafRange } from './leaf-range.ts'

/** Rows further apart than this from all others are strays: they get months of their own. */
const FAR_MONTHS = 12

/** What becomes of the rows of a DEFAULT partition. */
export interface Ranges {
  /** The partition itself becomes the one of these months, the last one exclusive. Nothing where none is left for it. */
  readonly main: { readonly low: Month; readonly high: Month } | undefined
  /** Months that rows are moved to. */
  readonly strays: readonly Month[]
  /** Months that come into being empty, because without the DEFAULT partition rows of theirs would be refused. */
  readonly empty: readonly Month[]
}

/**
 * Chooses the months that a DEFAULT partition becomes: the one with the most rows, and others near it with no partition in between.
 *
 * @param now the month of the clock
 */
export function chooseRanges(
  counts: readonly { readonly month: Month; readonly rows: number }[],
  leaves: readonly LeafRange[],
  now: Month,
): Ranges {
  const missing = [now, now + 1].filter((month) => !isCovered(month, leaves))
  const largest = counts.toSorted((a, b) => b.rows - a.rows)[0]?.month ?? missing[0]
  if (largest === undefined) return { main: undefined, strays: [], empty: missing }
  const months = counts.map(({ month }) => month)
  // The month of the clock belongs to it too where it can: its rows are about to come.
  const near = [...months, ...missing.slice(0, 1)].filter(
    (month) => gapOf(month, leaves) === gapOf(largest, leaves),
  )
  const low = spread(near, largest, -1)
  const high = spread(near, largest, 1) + 1
  const isInside = (month: Month) => month >= low && month < high
  const strays = months.filter((month) => !isInside(month))
  return {
    main: { low, high },
    strays,
    empty: missing.filter((month) => !isInside(month) && !strays.includes(month)),
  }
}

/** Goes from month to month in a direction, as long as the next one is near. */
function spread(months: readonly Month[], from: Month, direction: 1 | -1): Month {
  const ahead = months.filter((month) => (month - from) * direction > 0)
  const next = ahead.toSorted((a, b) => (a - b) * direction)[0]
  return next === undefined || Math.abs(next - from) > FAR_MONTHS ? from : spread(months, next, direction)
}

/** Whether a partition covers any part of a month. */
export function isCovered(month: Month, leaves: readonly LeafRange[]): boolean {
  return leaves.some(({ lowMs, highMs }) => lowMs < startOf(month + 1) && highMs > startOf(month))
}

/** Months with the same number have no partition between them. */
function gapOf(month: Month, leaves: readonly LeafRange[]): number {
  return leaves.filter(({ highMs }) => highMs <= startOf(month)).length
}

function startOf(month: Month): number {
  return Number(monthStartUs(month) / 1_000n)
}

/** The counts that name a month which a partition can be made for. */
export function isUsable(count: MonthCount): count is { readonly month: Month; readonly rows: number } {
  // From 1970, as uuidv7 is counted, to where names have four digits.
  return count.month !== null && count.month >= 1970 * 12 && count.month < 9999 * 12
}
