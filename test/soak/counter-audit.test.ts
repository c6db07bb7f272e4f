import { describe, expect, it } from 'vitest'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { auditCounters } from './counter-audit.ts'

const session = (committed: number, unknown = 0, highest = committed) => ({
  tenant: TENANT_A,
  key: 'one',
  committed,
  highest,
  unknown,
})
const row = (version: number, tenant_id: string = TENANT_A, key = 'one') => ({ tenant_id, key, version })

describe('the audit of counters', () => {
  it.each([
    ['what was reported committed', session(3), [row(3)]],
    ['nothing where nothing was written', session(0), []],
    ['writes of which nobody knows, or not', session(3, 2, 4), [row(4)]],
    ['its own counter only', session(3), [row(9, TENANT_B), row(9, TENANT_A, 'two'), row(3)]],
  ])('finds nothing in %s', (_what, told, rows) => {
    expect(auditCounters([told], rows)).toEqual({ lostWrites: 0, surplusWrites: 0 })
  })

  it.each([
    ['a write that is not there', session(3), [row(2)], 1, 0],
    ['a counter that is not there', session(3), [], 3, 0],
    ['a version that was shown and is gone', session(2, 2, 4), [row(3)], 1, 0],
    ['a write that was applied twice', session(3), [row(4)], 0, 1],
    ['more than nobody knows of', session(3, 1), [row(6)], 0, 2],
  ])('finds %s', (_what, told, rows, lostWrites, surplusWrites) => {
    expect(auditCounters([told], rows)).toEqual({ lostWrites, surplusWrites })
  })
})
