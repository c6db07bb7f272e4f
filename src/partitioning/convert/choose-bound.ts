import { type Month, monthAt, monthStartUs } from '../months/month.ts'
import { monthBound } from '../months/month-bound.ts'
import type { Conversion } from './conversion.ts'
import type { TableShape } from './shape/table-shape.ts'

const DAY_MS = 86_400_000
/** From the CHECK on, rows of the months behind the bound are refused until the swap: there has to be time for it. */
const AHEAD_MS = 7 * DAY_MS
/** A bound of an earlier run is kept while there is at least this much time. */
const KEPT_MS = DAY_MS

/** Where the old table ends and the next month begins. */
export interface Bound {
  readonly month: Month
  /** The CHECK that is there already: the one that is wanted, another one, or none. */
  readonly check: 'absent' | 'other' | 'not valid' | 'valid'
}

/** Chooses the bound, or takes that of a run that did not come to its end. */
export function chooseBound(conversion: Conversion, shape: TableShape, nowMs: number): Bound {
  const check = shape.constraints.find(({ name }) => name === conversion.checkName)
  const here = monthAt(BigInt(Math.floor(nowMs)) * 1_000n)
  for (const month of [here + 1, here + 2]) {
    const bound = `${monthBound(month, conversion.table.keyType)}::`
    if (!check?.definition.includes(bound) || startOf(month) - nowMs < KEPT_MS) continue
    return { month, check: check.isValid ? 'valid' : 'not valid' }
  }
  const month = startOf(here + 1) - nowMs < AHEAD_MS ? here + 2 : here + 1
  return { month, check: check ? 'other' : 'absent' }
}

/** Milliseconds of the Unix epoch. */
function startOf(month: Month): number {
  return Number(monthStartUs(month) / 1_000n)
}
