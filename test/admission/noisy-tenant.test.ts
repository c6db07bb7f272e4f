import { describe, expect, it } from 'vitest'
import { type Load, p99, simulate } from './support/simulation.ts'

const NOISY: Load = { tenant: 'noisy', queuedAtStart: 10_000 }

/** The victim's p99 in milliseconds: alone, and beside a tenant with 10,000 queued statements. */
function compare(victim: Load, options?: { forMs?: number; seed?: number }) {
  const figures = (loads: readonly Load[], order: 'fair' | 'fifo') => {
    const seen = simulate(loads, order, options).get(victim.tenant)
    return { waitMs: p99(seen?.waitsMs ?? []), answerMs: p99(seen?.answersMs ?? []) }
  }
  const result = {
    alone: figures([victim], 'fifo'),
    fair: figures([NOISY, victim], 'fair'),
    fifo: figures([NOISY, victim], 'fifo'),
  }
  const show = ({ waitMs, answerMs }: { waitMs: number; answerMs: number }) =>
    `${waitMs.toFixed(1)} in the queue, ${answerMs.toFixed(1)} to the answer`
  console.info(
    `victim's p99, ms: alone ${show(result.alone)}; turns ${show(result.fair)}; plain FIFO ${show(result.fifo)}`,
  )
  return result
}

describe('beside a tenant with 10,000 queued statements', () => {
  it.each([
    { share: 20, everyMs: 5, seed: 1 },
    { share: 33, everyMs: 3, seed: 2 },
    { share: 40, everyMs: 2.5, seed: 3 },
  ])(
    'a tenant that needs $share % of the pool has its answers within 2 x what it has alone',
    ({ everyMs, seed }) => {
      const { alone, fair, fifo } = compare({ tenant: 'victim', everyMs }, { seed })
      expect(fair.answerMs).toBeLessThanOrEqual(2 * alone.answerMs)
      // Alone it hardly ever queues, so that part by itself has no ratio.
      expect(alone.waitMs).toBeLessThan(3)
      expect(fifo.answerMs).toBeGreaterThan(20 * alone.answerMs)
    },
  )

  it.each([1, 2, 3])(
    'a tenant that fills the pool by itself waits at most 2 x as long as it does alone (seed %i)',
    (seed) => {
      const { alone, fair, fifo } = compare({ tenant: 'victim', callers: 400 }, { seed, forMs: 20_000 })
      expect(fair.waitMs).toBeLessThanOrEqual(2 * alone.waitMs)
      expect(fair.answerMs).toBeLessThanOrEqual(2 * alone.answerMs)
      expect(fifo.waitMs).toBeGreaterThan(2 * alone.waitMs)
    },
  )
})
