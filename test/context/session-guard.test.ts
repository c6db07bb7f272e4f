import { describe, expect, it } from 'vitest'
import { readPoisonReport } from '../../src/context/session-guard.ts'

describe('the report of a poisoned backend', () => {
  const message = (inner: string) => ({ code: '42601', message: `syntax error in tsquery: "${inner}"` })

  it('is read from the error of the guard, in any language', () => {
    expect(readPoisonReport(message('leasehold:poisoned:36:4711'))).toEqual({ poison: 'tenant', pid: 4711 })
    const german = { code: '42601', message: 'Syntaxfehler in tsquery: »leasehold:poisoned:0:1«' }
    expect(readPoisonReport(german)).toEqual({ poison: 'session', pid: 1 })
    expect(readPoisonReport(message('leasehold:poisoned::2'))).toEqual({ poison: 'session', pid: 2 })
  })

  it('is not read from any other error', () => {
    expect(readPoisonReport(message('twelve'))).toBeUndefined()
    expect(readPoisonReport({ ...message('leasehold:poisoned:1:1'), code: '22003' })).toBeUndefined()
  })
})
