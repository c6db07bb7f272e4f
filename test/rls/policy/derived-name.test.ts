import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DerivedNames, fitName, withTenant } from '../../../src/rls/policy/derived-name.ts'

const bytes = (name: string) => Buffer.byteLength(name)

describe('A name that is made of another', () => {
  it('is the one that PostgreSQL would give', () => {
    expect(withTenant('patients_chart_number_key', 'patients', 'tenant_id')).toBe(
      'patients_tenant_id_chart_number_key',
    )
    expect(withTenant('one_chart_each', 'patients', 'tenant_id')).toBe('one_chart_each_tenant_id')
  })

  it('stays as it is where it fits and is free, and the same each time', () => {
    const claim = () => new DerivedNames({ public: ['a'] }).claim('public', 'b')
    expect(claim()).toBe('b')
    expect(new DerivedNames({ public: ['a'] }).claim('public', 'a')).toBe(
      new DerivedNames({ public: ['a'] }).claim('public', 'a'),
    )
  })

  it('is another where it is taken: by a table, by a constraint, or by one that was made before', () => {
    const names = new DerivedNames({ public: ['a'], other: ['c'] })
    const made = [
      names.claim('public', 'a'),
      names.claim('public', 'b'),
      names.claim('public', 'b'),
      names.claim('public', 'c', ['c']),
      names.claim('public', 'c'),
    ]
    expect(new Set(['a', ...made]).size).toBe(6)
    expect(made[4]).toBe('c')
  })

  it('fits into 63 bytes, is never cut within a character, and differs where the long ones differ', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }), {
          minLength: 2,
          maxLength: 8,
        }),
        (wanted) => {
          const names = new DerivedNames({})
          const made = wanted.map((name) => names.claim('s', name))
          expect(new Set(made).size).toBe(made.length)
          for (const [at, name] of made.entries()) {
            expect(bytes(name)).toBeLessThanOrEqual(63)
            expect(name.isWellFormed()).toBe(true)
            if (bytes(wanted[at] ?? '') <= 63) expect(name).toBe(wanted[at])
          }
        },
      ),
    )
    expect(bytes(fitName('é'.repeat(40)))).toBeLessThanOrEqual(63)
  })
})
