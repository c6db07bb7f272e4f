import { coveredUntil, inOrder, type Span } from '../../check/spans.ts'
import { addMonths, type Month, monthAt, monthStartingAt, monthStartUs } from '../../months/month.ts'

/** What months are missing, judged by instants alone. */
export interface MissingMonths {
  /** From the month of the clock on, the next first. */
  readonly ahead: readonly Month[]
  /** Holes among months that are kept and have passed, the oldest first. */
  readonly past: readonly Month[]
  /** Months that are neither whole nor missing: partitions that are none of ours begin or end within them. */
  readonly torn: readonly Month[]
}

/** What is asked of months. */
export interface MonthsWanted {
  /** The month of the clock. */
  readonly now: Month
  /** Months ahead of it. */
  readonly premake: number
  /** The oldest month that is kept; `undefined` for ever. */
  readonly oldestKept: Month | undefined
}

/**
 * Finds the months that no partition is for, from the first partition, or from what is kept of them, to as many ahead of the clock as are
 * wanted. Newest rows play no part in it: an idle table gets its months too.
 */
export function findMissingMonths(spans: readonly Span[], wanted: MonthsWanted): MissingMonths {
  const { now, premake } = wanted
  const ahead: Month[] = []
  const past: Month[] = []
  const torn: Month[] = []
  for (let month = firstMonth(spans, wanted); month <= addMonths(now, premake); month = addMonths(month, 1)) {
    const [low, high] = [monthStartUs(month), monthStartUs(addMonths(month, 1))]
    const until = coveredUntil(spans, low)
    if (until === undefined || until >= high) continue
    if (spans.some((span) => overlaps(span, low, high))) torn.push(month)
    else if (month < now) past.push(month)
    else ahead.push(month)
  }
  return { ahead, past, torn }
}

/** Whether a partition holds anything of what lies from `low` to before `high`. */
export function overlaps({ lowUs, highUs }: Span, low: bigint, high: bigint): boolean {
  return (lowUs === undefined || lowUs < high) && (highUs === undefined || highUs > low)
}

function firstMonth(spans: readonly Span[], { now, oldestKept }: MonthsWanted): Month {
  const [oldest] = inOrder(spans)
  // What begins with MINVALUE leaves no hole before its end.
  const from = oldest?.lowUs ?? oldest?.highUs
  if (from === undefined) return now
  const first = monthStartingAt(from) ?? addMonths(monthAt(from), 1)
  return Math.min(now, oldestKept === undefined ? first : Math.max(first, oldestKept))
}
