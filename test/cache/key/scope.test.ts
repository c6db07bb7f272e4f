import { describe, expect, it } from 'vitest'
import { type ScopeParts, scopeOf } from '../../../src/cache/key/scope.ts'

const SCOPE: ScopeParts = {
  name: 'patient',
  version: '1',
  systemId: '7001',
  database: 'clinic',
  role: 'app',
  shapes: ['a', 'b'],
  settings: [['app.user_id', 'ada']],
}

describe('A scope', () => {
  it('is named by at least 128 bits that mean nothing to Redis', () => {
    expect(scopeOf(SCOPE)).toMatch(/^[A-Za-z0-9_-]{22,}$/)
    expect(scopeOf(SCOPE)).toBe(scopeOf({ ...SCOPE }))
  })

  it('is another where anything of it is, also where only the border between two texts moves', () => {
    const others: readonly Partial<ScopeParts>[] = [
      {},
      { name: 'patien', version: 't1' },
      { name: 'patient1', version: '' },
      { version: '2' },
      { systemId: '700', database: '1clinic' },
      { systemId: '7002' },
      { database: 'clinic2' },
      { role: 'app2' },
      { shapes: ['ab'] },
      { shapes: ['a', 'b', ''] },
      { shapes: ['b', 'a'] },
      { shapes: [] },
      { settings: undefined },
      { settings: [] },
      { settings: [['app.user_id', 'bob']] },
      { settings: [['app.user_i', 'dada']] },
      {
        settings: [
          ['app.user_id', 'ada'],
          ['', ''],
        ],
      },
      { settings: [['the whole tenant', '']] },
      { shapes: ['a', 'b', 'app.user_id', 'ada'], settings: [] },
    ]
    const scopes = others.map((other) => scopeOf({ ...SCOPE, ...other }))
    expect(new Set(scopes).size).toBe(others.length)
  })
})
