import type { MonthlyTable, MonthPartition, Observation } from '../collect/observation.ts'
import type { Status } from './status.ts'

/** The calendar of one table. */
export interface CalendarView {
  readonly key: string
  readonly database: string
  readonly table: string
  readonly status: Status
  readonly note: string
  readonly monthsAhead: number | undefined
  readonly refusesFrom: string | undefined
  readonly months: readonly MonthView[]
}

/** One month of it. */
export interface MonthView {
  /** `2026-11`. */
  readonly month: string
  readonly kind: 'past' | 'current' | 'ahead'
  readonly exists: boolean
  readonly estimatedRows: number | undefined
  readonly bytes: number
}

/** Rows must go on being taken for so long: as `partitionReadiness` has it. */
const WARNS_UNDER_DAYS = 31
const IS_BAD_UNDER_DAYS = 7
const DAY_MS = 86_400_000
const SHOWN_BEHIND = 5
const SHOWN_AHEAD = 6

/** The calendars of all databases. */
export function viewCalendars({ databases, atMs }: Observation): readonly CalendarView[] {
  return databases.flatMap(({ name: database, months }) =>
    months.ok
      ? months.value.map((table) => viewCalendar(database, table, atMs))
      : [
          {
            ...{ key: database, database, table: '', status: 'unknown' as const, note: months.reason },
            ...{ monthsAhead: undefined, refusesFrom: undefined, months: [] },
          },
        ],
  )
}

function viewCalendar(database: string, table: MonthlyTable, nowMs: number): CalendarView {
  const now = new Date(nowMs)
  const months = Array.from({ length: SHOWN_BEHIND + 1 + SHOWN_AHEAD }, (_, at): MonthView => {
    const offset = at - SHOWN_BEHIND
    const from = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1)
    const partition = table.partitions.find((each) => covers(each, from))
    return {
      month: new Date(from).toISOString().slice(0, 7),
      kind: offset < 0 ? 'past' : offset === 0 ? 'current' : 'ahead',
      exists: partition !== undefined,
      estimatedRows: partition?.estimatedRows,
      bytes: partition?.bytes ?? 0,
    }
  })
  return {
    key: `${database}/${table.table}`,
    ...{
      database,
      table: table.table,
      monthsAhead: table.monthsAhead,
      refusesFrom: table.refusesFrom,
      months,
    },
    ...judge(table.refusesFrom, nowMs),
  }
}

/** Whether rows of the month that begins then go into the partition. */
function covers({ from, to }: MonthPartition, monthMs: number): boolean {
  return (from === undefined || Date.parse(from) <= monthMs) && (to === undefined || monthMs < Date.parse(to))
}

function judge(
  refusesFrom: string | undefined,
  nowMs: number,
): { readonly status: Status; readonly note: string } {
  if (refusesFrom === undefined) return { status: 'ok', note: 'Takes rows without end' }
  const days = (Date.parse(refusesFrom) - nowMs) / DAY_MS
  const day = refusesFrom.slice(0, 10)
  if (days <= 0) return { status: 'bad', note: 'Refuses rows of today' }
  if (days < IS_BAD_UNDER_DAYS) return { status: 'bad', note: `Refuses rows from ${day} on` }
  if (days < WARNS_UNDER_DAYS)
    return { status: 'warn', note: `Refuses rows from ${day} on: has the job run?` }
  return { status: 'ok', note: `Takes rows until ${day}` }
}
