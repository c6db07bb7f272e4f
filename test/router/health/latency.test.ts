import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LatencyWatch } from '../../../src/router/health/latency.ts'

const NOW = 1_000

/** A watch over replicas that each answered so many reads in so many milliseconds. */
function watchOf(latencies: Readonly<Record<string, number>>, reads = 40): LatencyWatch {
  const watch = new LatencyWatch()
  for (const [id, latencyMs] of Object.entries(latencies)) answer(watch, id, latencyMs, reads)
  return watch
}

function answer(watch: LatencyWatch, id: string, latencyMs: number, reads: number, stalled = false): void {
  for (let i = 0; i < reads; i += 1) watch.record(id, { atMs: NOW, latencyMs, stalled })
}

describe('which replica is much slower than the others', () => {
  it('is none while they are alike', () => {
    expect(watchOf({ a: 30, b: 40, c: 80 }).outliers(['a', 'b', 'c'], 0, NOW)).toEqual([])
  })

  it('is one that takes more than three times the median', () => {
    expect(watchOf({ a: 30, b: 40, c: 119 }).outliers(['a', 'b', 'c'], 0, NOW)).toEqual([])
    expect(watchOf({ a: 30, b: 40, c: 121 }).outliers(['a', 'b', 'c'], 0, NOW)).toEqual(['c'])
  })

  it('is, of two, the one that takes more than three times as long as the other', () => {
    expect(watchOf({ a: 30, b: 89 }).outliers(['a', 'b'], 0, NOW)).toEqual([])
    expect(watchOf({ a: 30, b: 91 }).outliers(['a', 'b'], 0, NOW)).toEqual(['b'])
    expect(watchOf({ a: 91, b: 30 }).outliers(['a', 'b'], 0, NOW)).toEqual(['a'])
  })

  it('is never the only one', () => {
    expect(watchOf({ a: 9_000 }).outliers(['a'], 0, NOW)).toEqual([])
  })

  it('is none that is quick, whatever the ratio', () => {
    expect(watchOf({ a: 0.3, b: 0.9 }).outliers(['a', 'b'], 0, NOW)).toEqual([])
    expect(watchOf({ a: 0.3, b: 19.9 }).outliers(['a', 'b'], 0, NOW)).toEqual([])
    expect(watchOf({ a: 0.3, b: 20.1 }).outliers(['a', 'b'], 0, NOW)).toEqual(['b'])
  })

  it('is none that has answered fewer than twenty reads, nor is such a one compared with', () => {
    const watch = watchOf({ a: 30, b: 30 })
    answer(watch, 'c', 900, 19)
    expect(watch.outliers(['a', 'b', 'c'], 0, NOW)).toEqual([])
    answer(watch, 'c', 900, 1)
    expect(watch.outliers(['a', 'b', 'c'], 0, NOW)).toEqual(['c'])
    const cold = watchOf({ a: 90 })
    answer(cold, 'b', 1, 19)
    expect(cold.outliers(['a', 'b'], 0, NOW)).toEqual([])
  })

  it('does not compare with what a replica was half a minute ago', () => {
    const watch = watchOf({ quiet: 5 })
    for (let i = 0; i < 40; i += 1) watch.record('busy', { atMs: NOW + 31_000, latencyMs: 60 })
    expect(watch.outliers(['quiet', 'busy'], 0, NOW + 31_000)).toEqual([])
  })

  it('is found after nine reads that take twenty times as long', () => {
    const watch = watchOf({ a: 20, b: 20 }, 400)
    answer(watch, 'b', 400, 7)
    expect(watch.outliers(['a', 'b'], 0, NOW)).toEqual([])
    answer(watch, 'b', 400, 2)
    expect(watch.outliers(['a', 'b'], 0, NOW)).toEqual(['b'])
  })

  it('is none that only happened to get a report of five seconds', () => {
    const watch = watchOf({ a: 15, b: 15 }, 400)
    answer(watch, 'b', 5_000, 1)
    expect(watch.outliers(['a', 'b'], 0, NOW)).toEqual([])
    answer(watch, 'b', 5_000, 1)
    expect(watch.outliers(['a', 'b'], 0, NOW)).toEqual([])
  })

  it('is judged anew once it is forgotten', () => {
    const watch = watchOf({ a: 30, b: 900 })
    watch.forget('b')
    expect(watch.averageMs('b')).toBeUndefined()
    answer(watch, 'b', 30, 40)
    expect(watch.outliers(['a', 'b'], 0, NOW)).toEqual([])
  })
})

describe('how many are ejected for their latency', () => {
  it('is half of them at most, the slowest first', () => {
    const watch = watchOf({ a: 30, b: 300, c: 3_000, d: 30, e: 30 })
    expect(watch.outliers(['a', 'b', 'c', 'd', 'e'], 0, NOW)).toEqual(['c', 'b'])
    expect(watchOf({ a: 30, b: 300, c: 3_000, d: 30 }).outliers(['a', 'b', 'c', 'd'], 1, NOW)).toEqual(['c'])
  })

  it('counts those that are out already', () => {
    expect(watchOf({ a: 30, b: 300 }).outliers(['a', 'b'], 1, NOW)).toEqual([])
    expect(watchOf({ a: 30, b: 30, c: 300 }).outliers(['a', 'b', 'c'], 1, NOW)).toEqual(['c'])
  })

  it('never leaves fewer than half of those that can serve, rounded up', () => {
    const latencies = fc.array(fc.constantFrom(1, 10, 30, 100, 400, 5_000), { maxLength: 8 })
    const property = fc.property(latencies, fc.nat({ max: 8 }), (list, ejected) => {
      const ids = list.map((_, index) => `r${index}`)
      const watch = watchOf(Object.fromEntries(list.map((latencyMs, index) => [`r${index}`, latencyMs])))
      const out = watch.outliers(ids, ejected, NOW)
      if (out.length > 0) expect(out.length + ejected).toBeLessThanOrEqual((ids.length + ejected) / 2)
      expect(out.length).toBeLessThan(Math.max(1, ids.length))
    })
    fc.assert(property, { numRuns: 500 })
  })
})

describe('an event loop that stands still for half a second', () => {
  it('ejects nobody, because it hits all alike', () => {
    const watch = watchOf({ a: 25, b: 30, c: 28 }, 400)
    for (const id of ['a', 'b', 'c']) answer(watch, id, 525, 20)
    expect(watch.outliers(['a', 'b', 'c'], 0, NOW)).toEqual([])
  })

  it('ejects nobody when only one replica had reads on their way, where the samples say so', () => {
    const watch = watchOf({ a: 25, b: 30 }, 400)
    answer(watch, 'a', 525, 40, true)
    expect(watch.outliers(['a', 'b'], 0, NOW)).toEqual([])
    expect(watch.averageMs('a')).toBeCloseTo(25)
  })
})
