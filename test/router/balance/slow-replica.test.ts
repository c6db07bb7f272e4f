import { describe, expect, it } from 'vitest'
import { type BalanceName, createBalancer } from '../../../src/router/balance/create-balancer.ts'
import { percentile, simulateOpenLoop } from './support/open-loop.ts'

const SLOW_FROM_MS = 10_000

/** The reads after one replica of so many has become twenty times slower, and those before. */
function simulate(name: BalanceName, replicas: number) {
  const reads = simulateOpenLoop({
    replicas,
    seed: 20_261_122,
    lengthMs: 40_000,
    slowness: (replica, atMs) => (replica === 0 && atMs >= SLOW_FROM_MS ? 20 : 1),
    balancer: createBalancer(name),
  })
  const after = reads.filter(({ atMs }) => atMs >= SLOW_FROM_MS)
  const before = reads.filter(({ atMs }) => atMs < SLOW_FROM_MS)
  const late = after.filter(({ latencyMs }) => latencyMs > 2_000).length / after.length
  const shareOfSlow = after.filter(({ replica }) => replica === 0).length / after.length
  return { before, after, late, shareOfSlow }
}

describe.each([2, 3])('one of %i replicas becomes twenty times slower', (replicas) => {
  it.each(['round-robin', 'random'] as const)(
    '%s keeps its share of the reads waiting for seconds',
    (name) => {
      const { before, late, shareOfSlow } = simulate(name, replicas)
      expect(percentile(before, 0.99)).toBeLessThan(150)
      expect(shareOfSlow).toBeCloseTo(1 / replicas, 1)
      expect(late).toBeGreaterThan(0.8 / replicas)
    },
  )

  it.each(['least-outstanding', 'two-choices'] as const)('%s sends it almost nothing', (name) => {
    const { before, after, late, shareOfSlow } = simulate(name, replicas)
    expect(percentile(before, 0.99)).toBeLessThan(150)
    expect(shareOfSlow).toBeLessThan(0.1)
    expect(late).toBeLessThan(0.005)
    expect(percentile(after, 0.5)).toBeLessThan(30)
    expect(percentile(after, 0.99)).toBeLessThan(1_500)
  })
})
