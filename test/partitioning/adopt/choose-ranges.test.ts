import { expect, it } from 'vitest'
import { chooseRanges } from '../../../src/partitioning/adopt/choose-ranges.ts'
import { leafRange } from '../../../src/partitioning/adopt/leaf-range.ts'
import { monthOf } from '../../../src/partitioning/months/month.ts'

const month = (text: string) => monthOf(Number(text.slice(0, 4)), Number(text.slice(5)))
const leaf = (from: string, to: string) => ({
  lowMs: Date.parse(`${from}-01`),
  highMs: Date.parse(`${to}-01`),
})
const count = (text: string, rows: number) => ({ month: month(text), rows })
const NOW = month('2026-11')

it('A DEFAULT partition becomes that of all months that no partition lies between, and of the month of now', () => {
  const { main, strays, empty } = chooseRanges(
    [count('2026-08', 5), count('2026-09', 9)],
    [leaf('2026-01', '2026-08')],
    NOW,
  )
  expect(main).toEqual({ low: month('2026-08'), high: month('2026-12') })
  expect(strays).toEqual([])
  expect(empty).toEqual([month('2026-12')])
})

it('Rows beyond another partition, or far from all others, are strays', () => {
  const { main, strays, empty } = chooseRanges(
    [count('1999-05', 1), count('2026-02', 2), count('2026-10', 9)],
    [leaf('2026-03', '2026-09'), leaf('2026-11', '2027-01')],
    NOW,
  )
  expect(main).toEqual({ low: month('2026-10'), high: month('2026-11') })
  expect(strays).toEqual([month('1999-05'), month('2026-02')])
  expect(empty).toEqual([])
})

it('An empty DEFAULT partition becomes that of the month of now, and goes where that is there', () => {
  expect(chooseRanges([], [], NOW).main).toEqual({ low: NOW, high: NOW + 1 })
  const { main, empty } = chooseRanges([], [leaf('2026-11', '2026-12')], NOW)
  expect(main).toEqual({ low: NOW + 1, high: NOW + 2 })
  expect(empty).toEqual([])
  expect(chooseRanges([], [leaf('2026-11', '2027-03')], NOW)).toEqual({
    main: undefined,
    strays: [],
    empty: [],
  })
})

it('Bounds are read as PostgreSQL prints them in UTC', () => {
  const low = Date.UTC(2026, 10, 1)
  const high = Date.UTC(2026, 11, 1)
  const hex = low.toString(16).padStart(12, '0')
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
  expect(leafRange("FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00')")).toEqual({
    lowMs: low,
    highMs: high,
  })
  expect(leafRange("FOR VALUES FROM (MINVALUE) TO ('2026-12-01')")).toEqual({
    lowMs: Number.NEGATIVE_INFINITY,
    highMs: high,
  })
  expect(leafRange(`FOR VALUES FROM ('${uuid}') TO (MAXVALUE)`)).toEqual({
    lowMs: low,
    highMs: Number.POSITIVE_INFINITY,
  })
  expect(leafRange("FOR VALUES FROM ('2026-11-01 00:00:00.5') TO ('2026-12-01 00:00:00')")?.lowMs).toBe(
    low + 500,
  )
  for (const bound of [
    'DEFAULT',
    "FOR VALUES IN ('a')",
    "FOR VALUES FROM ('infinity') TO (MAXVALUE)",
    'FOR VALUES FROM (1, 2) TO (3, 4)',
  ]) {
    expect(leafRange(bound)).toBeUndefined()
  }
})
