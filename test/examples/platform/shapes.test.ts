import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../../examples/platform/load/operations.ts'
import { arrivals, tide, zipf } from '../../../examples/platform/load/shapes.ts'

describe('the load', () => {
  it('reads in 70 of 100 requests', () => {
    const shareOf = (kind: string) =>
      OPERATIONS.filter((operation) => operation.kind === kind).reduce((sum, { share }) => sum + share, 0)
    expect([shareOf('read'), shareOf('write')]).toEqual([70, 30])
  })

  it('comes at an even pace from every clinic as often, where it is steady', () => {
    const { nextGapMs, nextClinic } = arrivals('steady', 50, () => 0.5)
    expect([nextGapMs(0), nextGapMs(1_000)]).toEqual([20, 20])
    expect([1, 2, 3, 4].map(() => nextClinic(3))).toEqual([0, 1, 2, 0])
  })

  it('comes as often on average where it is realistic, and in a tide', () => {
    const minute = Array.from({ length: 60 }, (_, second) => tide(second * 1_000))
    expect(minute.reduce((sum, height) => sum + height, 0) / 60).toBeCloseTo(1, 5)
    expect(Math.min(...minute)).toBeCloseTo(0.1, 1)
    expect(Math.max(...minute)).toBeCloseTo(1.9, 1)
  })

  it('has large clinics send most of it where it is realistic', () => {
    const counts = [0, 0, 0, 0]
    for (let point = 0; point < 1; point += 0.001) {
      const rank = zipf(4, point)
      counts[rank] = (counts[rank] ?? 0) + 1
    }
    expect(counts).toEqual(counts.toSorted((a, b) => b - a))
    expect(counts[0]).toBeGreaterThan(2 * (counts[2] ?? 0))
    expect(counts[3]).toBeGreaterThan(0)
  })
})
