import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/errors/config.ts'
import { resolveOptions } from '../../src/options/resolve-options.ts'

const primary = { connectionString: 'postgres://app@127.0.0.1/clinic' }
const nothing = { shared: [], tenantColumns: {}, backupRoles: [] }

describe('the options of the check on start', () => {
  it('have it look at the role, warn of the server, and know tables by tenant_id', () => {
    expect(resolveOptions({ primary })).toMatchObject({
      tenantColumn: 'tenant_id',
      verify: { minServerPatch: 'warn', audit: undefined },
    })
  })

  it('turn it off, and add the audit, with what that has to know', () => {
    expect(resolveOptions({ primary, verifyOnStart: false }).verify).toBeUndefined()
    expect(resolveOptions({ primary, verifyOnStart: 'audit' }).verify?.audit).toEqual(nothing)
    const shared = ['public.countries']
    expect(resolveOptions({ primary, verifyOnStart: { audit: { shared } } }).verify?.audit).toEqual({
      ...nothing,
      shared,
    })
  })

  it.each<[string, object]>([
    ['options.verifyOnStart', { verifyOnStart: true }],
    ['options.verifyOnStart', { verifyOnStart: null }],
    ['options.verifyOnStart', { verifyOnStart: 'roles' }],
    ['options.verifyOnStart', { verifyOnStart: {} }],
    ['options.verifyOnStart', { verifyOnStart: { audit: null } }],
    ['options.verifyOnStart.audit.shared', { verifyOnStart: { audit: { shared: 'public.countries' } } }],
    ['options.verifyOnStart.audit.backupRoles', { verifyOnStart: { audit: { backupRoles: [1] } } }],
    ['options.verifyOnStart.audit.tenantColumns', { verifyOnStart: { audit: { tenantColumns: null } } }],
    ['options.verifyOnStart.audit.tenantColumns', { verifyOnStart: { audit: { tenantColumns: { a: 1 } } } }],
    ['options.minServerPatch', { minServerPatch: 'error' }],
    ['options.minServerPatch', { verifyOnStart: false, minServerPatch: 1 }],
    ['options.tenant.column', { tenant: { column: '' } }],
  ])('are refused with the path %s: %j', (path, options) => {
    const refused = () => resolveOptions({ primary, ...options } as never)
    expect(refused).toThrow(ConfigError)
    expect(refused).toThrow(path)
  })
})
