import { monthAt } from '../months/month.ts'

/**
 * Whole months behind the month of the clock for which rows are taken.
 *
 * @param untilUs from when on they are refused; `undefined` where there is no end
 * @returns -1 where they are refused now
 */
export function monthsAhead(untilUs: bigint | undefined, nowUs: bigint): number {
  return untilUs === undefined ? Number.POSITIVE_INFINITY : monthAt(untilUs) - monthAt(nowUs) - 1
}
