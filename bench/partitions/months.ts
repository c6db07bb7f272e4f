import { definePartitions, type PartitionSet } from '../../src/partitioning/index.ts'
import {
  addMonths,
  type Month,
  monthAt,
  monthStartUs,
  monthText,
} from '../../src/partitioning/months/month.ts'
import { partitionName } from '../../src/partitioning/months/partition-name.ts'

/** What each run of the job does, as its clock is two months ahead of the run before. */
export const PREMAKES_PER_RUN = 2
export const RETIRES_PER_RUN = 1

const RETAINED = 6
const AHEAD = 1

/** How the table is kept. */
export const SET: PartitionSet = definePartitions({
  tables: {
    events: {
      key: 'at',
      keyType: 'timestamptz',
      every: 'month',
      premake: AHEAD,
      retain: { months: RETAINED },
      minLeaves: 1,
      maxRetirePerRun: RETIRES_PER_RUN,
    },
  },
})

/** The month of the clock when the first run begins: the last one ends up at today's. */
export function firstMonth(runs: number): Month {
  return addMonths(monthAt(BigInt(Date.now()) * 1_000n), -runs * PREMAKES_PER_RUN)
}

/** The months that are there at first: those ahead, and as many old ones as the runs retire. */
export function monthsAtFirst(runs: number): readonly Month[] {
  const first = firstMonth(runs)
  const oldest = -RETAINED - RETIRES_PER_RUN
  return Array.from({ length: AHEAD - oldest + 1 }, (_, n) => addMonths(first, oldest + n))
}

/** A partition and its bounds, quoted. */
export function partitionOf(month: Month): { readonly table: string; readonly bounds: string } {
  const [from, to] = [month, addMonths(month, 1)].map((each) => `'${monthText(each)}-01 00:00:00+00'`)
  return { table: `public_parts.${partitionName('events', month)}`, bounds: `from (${from}) to (${to})` }
}

/** Milliseconds of the Unix epoch at which a month begins. */
export function monthStartMs(month: Month): number {
  return Number(monthStartUs(month) / 1_000n)
}
