import { describe, expect, it } from 'vitest'
import { Attempts } from '../../../examples/identity/attempts.ts'

const MINUTE_MS = 60_000
const tryOften = (attempts: Attempts, times: number, address = 'anna', nowMs = 0) =>
  Array.from({ length: times }, () => attempts.begin(address, nowMs)).filter((wait) => wait !== undefined)

describe('attempts to sign in', () => {
  it('are ten for one account, and again ten when they are forgotten', () => {
    const attempts = new Attempts()
    expect(tryOften(attempts, 12)).toEqual([900, 900])
    expect(attempts.begin('bert', 0)).toBe(undefined)
    expect(attempts.begin('anna', 14 * MINUTE_MS)).toBe(60)
    expect(tryOften(attempts, 12, 'anna', 16 * MINUTE_MS)).toHaveLength(2)
  })

  it('begin anew for who succeeds', () => {
    const attempts = new Attempts()
    tryOften(attempts, 9)
    attempts.succeeded('anna')
    expect(tryOften(attempts, 10)).toEqual([])
  })

  it('fill no memory, and those that go on are remembered', () => {
    const attempts = new Attempts()
    for (let index = 0; index < 15_000; index += 1) {
      attempts.begin(`${index}`, 0)
      if (index % 1_000 === 0) attempts.begin('anna', 0)
    }
    expect(tryOften(attempts, 1)).toHaveLength(1)
    expect(tryOften(attempts, 10, '1')).toEqual([])
  })
})
