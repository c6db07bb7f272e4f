import { describe, expect, it } from 'vitest'
import { waitUntil } from '../../../src/testing/rig/wait-until.ts'

describe('waiting until something is so', () => {
  const tooLate = () => new Error('too late')

  it('looks until it is', async () => {
    let looks = 0
    await waitUntil(() => ++looks === 3, { timeoutMs: 1_000, everyMs: 1, onTimeout: tooLate })
    expect(looks).toBe(3)
  })

  it('looks once even with no time at all', async () => {
    await waitUntil(() => true, { timeoutMs: 0, onTimeout: tooLate })
  })

  it('throws what the caller makes of it when the time is over', async () => {
    const started = performance.now()
    const waiting = waitUntil(() => false, { timeoutMs: 50, everyMs: 5, onTimeout: tooLate })
    await expect(waiting).rejects.toThrow('too late')
    expect(performance.now() - started).toBeGreaterThanOrEqual(50)
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it('ends with what the look itself throws', async () => {
    const look = () => Promise.reject(new Error('it died'))
    await expect(waitUntil(look, { timeoutMs: 1_000, onTimeout: tooLate })).rejects.toThrow('it died')
  })
})
