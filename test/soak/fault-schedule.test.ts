import { describe, expect, it } from 'vitest'
import { hashFaults, planFaults } from './fault-schedule.ts'

const OPTIONS = { seed: 7, operations: 20_000, hasPooler: true, longestMs: 1_300 }

describe('the schedule of a soak', () => {
  it('is the same for the same seed, and another for another', () => {
    const hash = (options: Partial<typeof OPTIONS>) => hashFaults(planFaults({ ...OPTIONS, ...options }))
    expect(hash({})).toBe(hash({}))
    expect(
      new Set([hash({}), hash({ seed: 8 }), hash({ operations: 20_001 }), hash({ hasPooler: false })]),
    ).toHaveLength(4)
  })

  it('is in order, and lies within the soak', () => {
    const faults = planFaults(OPTIONS)
    expect(faults.map(({ at }) => at)).toEqual(faults.map(({ at }) => at).sort((one, other) => one - other))
    for (const { at, ms } of faults) {
      expect(at).toBeGreaterThanOrEqual(1)
      expect(at).toBeLessThanOrEqual(OPTIONS.operations)
      expect(ms).toBeLessThan(OPTIONS.longestMs)
    }
  })

  it('has faults of every kind, and none of a pooler that is not there', () => {
    const kinds = (hasPooler: boolean) =>
      new Set(planFaults({ ...OPTIONS, hasPooler }).map(({ kind }) => kind))
    expect(kinds(true)).toHaveLength(9)
    expect([...kinds(false)].filter((kind) => kind.startsWith('pooler'))).toEqual([])
  })
})
