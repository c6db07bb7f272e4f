import { EventEmitter } from 'node:events'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ScopeRequiredError, TenantMismatchError } from '../../src/errors/tenant.ts'
import type { Scope } from '../../src/scope/scope.ts'
import { Scopes } from '../../src/scope/scopes.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'

const scopeOf = (scope: Partial<Scope>): Scope => ({
  tenant: TENANT_A,
  settings: undefined,
  method: undefined,
  httpRoute: undefined,
  reader: undefined,
  guard: undefined,
  ...scope,
})

describe('a scope', () => {
  it('is found at any depth and after any await, and nowhere else', async () => {
    const scopes = new Scopes()
    const found = await scopes.run(scopeOf({}), async () => {
      await setTimeout(2)
      await setImmediate()
      return Promise.all([1, 2].map(async () => scopes.current().tenant))
    })
    expect(found).toEqual([TENANT_A, TENANT_A])
    expect(() => scopes.current()).toThrow(ScopeRequiredError)
  })

  it('is that of its own caller among many at once', async () => {
    const scopes = new Scopes()
    const tenants = Array.from({ length: 200 }, (_, index) => (index % 2 ? TENANT_A : TENANT_B))
    const found = await Promise.all(
      tenants.map((tenant, index) =>
        scopes.run(scopeOf({ tenant }), async () => {
          await setTimeout(index % 7)
          return scopes.current().tenant
        }),
      ),
    )
    expect(found).toEqual(tenants)
  })

  it('does not go on in what the same event calls next', () => {
    const scopes = new Scopes()
    const requests = new EventEmitter()
    requests.on('request', () => scopes.run(scopeOf({}), () => {}))
    let later: unknown
    requests.on('request', () => {
      try {
        later = scopes.current()
      } catch (error) {
        later = error
      }
    })
    requests.emit('request')
    expect(later).toBeInstanceOf(ScopeRequiredError)
  })

  it('is of one database object only', () => {
    const [one, other] = [new Scopes(), new Scopes()]
    one.run(scopeOf({}), () => {
      expect(() => other.current()).toThrow(ScopeRequiredError)
      other.run(scopeOf({ tenant: TENANT_B }), () => {
        expect([one.current().tenant, other.current().tenant]).toEqual([TENANT_A, TENANT_B])
      })
    })
  })

  it('cannot be changed', () => {
    const scopes = new Scopes()
    scopes.run(scopeOf({}), () => {
      expect(() => Object.assign(scopes.current(), { tenant: TENANT_B })).toThrow(TypeError)
    })
  })

  it('of the same tenant may be inside another, and takes from it what it leaves out', () => {
    const scopes = new Scopes()
    scopes.run(scopeOf({ settings: ['user-7'], method: 'GET', httpRoute: '/notes' }), () => {
      scopes.run(scopeOf({ method: 'POST' }), () => {
        expect(scopes.current()).toEqual(
          scopeOf({ settings: ['user-7'], method: 'POST', httpRoute: '/notes' }),
        )
      })
      expect(scopes.current().method).toBe('GET')
    })
  })

  it('of another tenant may not', () => {
    const scopes = new Scopes()
    let called = false
    const nest = () =>
      scopes.run(scopeOf({ tenant: TENANT_B }), () => {
        called = true
      })
    expect(() => scopes.run(scopeOf({}), nest)).toThrow(TenantMismatchError)
    expect(called).toBe(false)
  })

  it('can be left', () => {
    const scopes = new Scopes()
    scopes.run(scopeOf({}), () => {
      scopes.leave(() => {
        expect(() => scopes.current()).toThrow(ScopeRequiredError)
        scopes.run(scopeOf({ tenant: TENANT_B }), () => expect(scopes.current().tenant).toBe(TENANT_B))
      })
      expect(scopes.current().tenant).toBe(TENANT_A)
    })
  })
})
