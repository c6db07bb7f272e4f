import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createContexts } from '../../../src/rls/probe/context/probe-context.ts'
import { unknownTenantId } from '../../../src/rls/probe/context/unknown-tenant.ts'
import { choosePair } from '../../../src/rls/probe/tenants/choose-pair.ts'

describe('contexts', () => {
  const { first, second, unknown, empty, unset, garbage } = createContexts(
    'app.tenant_id',
    [
      { id: 'a', settings: { 'app.user': 'ann' } },
      { id: 'b', settings: { 'app.tenant_id': "sealed 'b'" } },
    ],
    'nobody',
  )

  it('set every setting, so that none is left over from another', () => {
    for (const { statements } of [first, second, unknown, empty, ...garbage]) {
      expect(statements).toHaveLength(2)
      expect(statements.join()).toMatch(/'app\.tenant_id'.*'app\.user'/)
    }
    expect(unset.statements).toEqual([])
    expect(unknown.statements.join()).toContain("'nobody', true)")
    expect(unknown.statements.join()).not.toContain('ann')
  })

  it('take what the setting holds where that is not the id', () => {
    expect(second.statements[0]).toBe("select pg_catalog.set_config('app.tenant_id', 'sealed ''b''', true)")
    expect(second.tenant.id).toBe('b')
  })
})

describe('the id that nobody has', () => {
  it('is of the same form as those of the tenants, and none of them', () => {
    const uuid = 'aaaaaaaa-0000-4000-8000-00000000000a'
    expect(unknownTenantId([uuid, uuid])).toMatch(/^[0-9a-f-]{36}$/)
    expect(unknownTenantId([uuid, uuid])).not.toBe(uuid)
    expect(unknownTenantId(['acme', uuid])).not.toMatch(/^\d+$/)
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 2_147_480_000, max: 2_147_480_009 }), (a, b) => {
        const id = unknownTenantId([String(a), String(b)])
        expect([String(a), String(b)]).not.toContain(id)
        expect(Number(id)).toBeLessThan(2 ** 31)
      }),
    )
  })
})

describe('the pair of tenants', () => {
  const choose = (presence: Record<string, readonly number[]>) =>
    choosePair(new Map(Object.entries(presence).map(([id, tables]) => [id, new Set(tables)])))

  it('has as many tables in common as can be', () => {
    expect(choose({ a: [1, 2, 3, 4], b: [5, 6, 7], c: [4], d: [6, 7, 8] })).toEqual(['b', 'd'])
  })

  it('has many tables besides, and is the same every time', () => {
    expect(choose({ d: [1], c: [1, 2], b: [1], a: [1] })).toEqual(['a', 'c'])
    expect(choose({ c: [1], b: [1], a: [1] })).toEqual(['a', 'b'])
  })

  it('is none where there are no two that have rows', () => {
    expect(choose({ a: [1], b: [] })).toBeUndefined()
    expect(choose({})).toBeUndefined()
  })
})
