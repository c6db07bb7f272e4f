import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/errors/index.ts'
import { beginStatement } from '../../src/transaction/begin.ts'
import { isConflict, pauseMs, resolveRetry } from '../../src/transaction/retry.ts'

const serverError = (code: string) => Object.assign(new Error('x'), { severity: 'ERROR', code })

describe('the rules of a retry', () => {
  it('are one attempt where nothing is asked', () => {
    expect(resolveRetry(undefined)).toEqual({ attempts: 1, firstPauseMs: 10, longestPauseMs: 1_000 })
    expect(resolveRetry(3).attempts).toBe(3)
    expect(resolveRetry({ attempts: 2, firstPauseMs: 5, longestPauseMs: 5 })).toMatchObject({
      firstPauseMs: 5,
    })
  })

  it.each([0, -1, 1.5, 101, Number.NaN, '3', true])('refuse %j attempts', (attempts) => {
    expect(() => resolveRetry(attempts as number)).toThrow(ConfigError)
    expect(() => resolveRetry({ attempts } as { attempts: number })).toThrow(ConfigError)
  })

  it('refuse pauses that are none', () => {
    for (const firstPauseMs of [-1, Number.NaN, 2_000]) {
      expect(() => resolveRetry({ attempts: 2, firstPauseMs })).toThrow(ConfigError)
    }
    expect(() => resolveRetry({ attempts: 2, longestPauseMs: Number.POSITIVE_INFINITY })).toThrow(ConfigError)
  })

  it('double the pause up to the longest, and spread it over all of the time before', () => {
    const rules = resolveRetry({ attempts: 9, firstPauseMs: 10, longestPauseMs: 65 })
    expect([1, 2, 3, 4, 60].map((attempt) => pauseMs(rules, attempt, 1))).toEqual([10, 20, 40, 65, 65])
    expect(pauseMs(rules, 3, 0.25)).toBe(10)
    expect(pauseMs(rules, 3, 0)).toBe(0)
  })

  it('are for serialization failures and deadlocks that the server reported', () => {
    expect(
      ['40001', '40P01', '23505', '40000', '57014'].map((code) => isConflict(serverError(code))),
    ).toEqual([true, true, false, false, false])
    expect(isConflict(Object.assign(new Error('x'), { code: '40001' }))).toBe(false)
    expect(isConflict(undefined)).toBe(false)
  })
})

describe('BEGIN', () => {
  const begin = { isolation: 'serializable', readOnly: true, deferrable: true } as const

  it('says isolation, access mode and deferrable, whatever the defaults of the role', () => {
    expect(beginStatement(begin)).toBe('begin isolation level serializable read only deferrable')
    expect(beginStatement({ isolation: 'read committed', readOnly: false, deferrable: false })).toBe(
      'begin isolation level read committed read write not deferrable',
    )
  })

  it('is refused deferrable where that means nothing', () => {
    expect(() => beginStatement({ ...begin, readOnly: false })).toThrow(ConfigError)
    expect(() => beginStatement({ ...begin, isolation: 'repeatable read' })).toThrow(ConfigError)
    expect(() => beginStatement({ ...begin, isolation: 'snapshot; drop' as never })).toThrow(ConfigError)
  })
})
