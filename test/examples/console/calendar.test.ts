import { describe, expect, it } from 'vitest'
import type { MonthlyTable } from '../../../examples/console/collect/observation.ts'
import { parseBounds } from '../../../examples/console/collect/parse-bounds.ts'
import { viewCalendars } from '../../../examples/console/view/partitions-view.ts'
import { AT_MS, observation, seen, server, unseen } from './observation-builder.ts'

const DAY_MS = 86_400_000
const month = (from: string, to: string) => ({ name: from, from, to, estimatedRows: undefined, bytes: 0 })
const calendarOf = (table: Partial<MonthlyTable>) =>
  viewCalendars(
    observation({
      databases: [
        {
          name: 'clinic',
          server: seen(server()),
          findings: seen([]),
          months: seen([
            { table: 'public.audit_log', monthsAhead: 0, refusesFrom: undefined, partitions: [], ...table },
          ]),
        },
      ],
    }),
  )[0]

describe('bounds of a partition', () => {
  it.each([
    ["FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00')", 'timestamptz'],
    ["FOR VALUES FROM ('2026-11-01 00:00:00') TO ('2026-12-01 00:00:00')", 'timestamp'],
    ["FOR VALUES FROM ('2026-11-01') TO ('2026-12-01')", 'date'],
    [
      "FOR VALUES FROM ('01a19467-e800-0000-0000-000000000000') TO ('01a22ee6-b000-0000-0000-000000000000')",
      'uuidv7',
    ],
  ] as const)('are read from %s', (text, keyType) => {
    const { from, to } = parseBounds(text, keyType)
    expect([from?.slice(0, 10), to?.slice(0, 10)]).toEqual(['2026-11-01', '2026-12-01'])
  })

  it('are open at MINVALUE and MAXVALUE, and of a DEFAULT partition at both ends', () => {
    expect(parseBounds('FOR VALUES FROM (MINVALUE) TO (MAXVALUE)', 'timestamptz')).toEqual({})
    expect(parseBounds('DEFAULT', 'timestamptz')).toEqual({})
  })
})

describe('the partition calendar', () => {
  it('shows a month that is missing in the middle', () => {
    const partitions = [
      month('2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'),
      month('2027-01-01T00:00:00.000Z', '2027-02-01T00:00:00.000Z'),
    ]
    const months = calendarOf({ partitions })
      ?.months.filter(({ month: name }) => name >= '2026-10')
      .slice(0, 4)
    expect(months?.map(({ month: name, kind, exists }) => [name, kind, exists])).toEqual([
      ['2026-10', 'past', false],
      ['2026-11', 'current', true],
      ['2026-12', 'ahead', false],
      ['2027-01', 'ahead', true],
    ])
  })

  it.each([
    [-1, 'bad'],
    [6, 'bad'],
    [8, 'warn'],
    [30, 'warn'],
    [32, 'ok'],
  ] as const)('that ends in %i days is %s', (days, status) => {
    const refusesFrom = new Date(AT_MS + days * DAY_MS).toISOString()
    expect(calendarOf({ refusesFrom })?.status).toBe(status)
  })

  it('says so where the server does not tell', () => {
    const databases = [
      { name: 'clinic', server: seen(server()), findings: seen([]), months: unseen<never>('Away') },
    ]
    expect(viewCalendars(observation({ databases }))).toMatchObject([{ status: 'unknown', note: 'Away' }])
  })
})
