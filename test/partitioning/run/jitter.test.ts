import { expect, it } from 'vitest'
import { jitterMs } from '../../../src/partitioning/run/jitter.ts'

it('waits anything from nothing to twice as long as before, and never more than two seconds', () => {
  expect([1, 2, 3].map((attempt) => jitterMs(attempt, 1))).toEqual([60, 120, 240])
  expect(jitterMs(3, 0)).toBe(0)
  expect(jitterMs(3, 0.5)).toBe(120)
  expect(jitterMs(1_000, 1)).toBe(2_000)
})
