import { describe, expect, it } from 'vitest'
import { uuid } from '../../src/context/tenant-id.ts'
import { ConfigError } from '../../src/errors/config.ts'
import { resolveOptions } from '../../src/options/resolve-options.ts'

const primary = { connectionString: 'postgres://app@127.0.0.1/clinic' }

describe('the options', () => {
  it('have defaults', () => {
    expect(resolveOptions({ primary })).toMatchObject({
      tenantSetting: 'app.tenant_id',
      parseTenant: uuid,
      settings: [],
      timeoutMs: 30_000,
      acquireTimeoutMs: 5_000,
      prepare: 'auto',
    })
  })

  it.each<[string, unknown]>([
    ['The options', undefined],
    ['options.primary', {}],
    ['options.primary', { primary: 'postgres://' }],
    ['options.system', { primary, system: 'postgres://' }],
    ['options.system', { primary, system: primary }],
    ['options.tenant.parse', { primary, tenant: { parse: 'uuid' } }],
    ['options.tenant.setting', { primary, tenant: { setting: 'tenant' } }],
    ['options.settings', { primary, settings: 'app.user_id' }],
    ['options.settings[1]', { primary, settings: ['app.user_id', 'role'] }],
    ['options.settings', { primary, settings: ['app.tenant_id'] }],
    ['options.settings', { primary, settings: ['app.user_id', 'app.user_id'] }],
    ['options.timeoutMs', { primary, timeoutMs: 0 }],
    ['options.timeoutMs', { primary, timeoutMs: '5s' }],
    ['options.timeoutMs', { primary, timeoutMs: Number.NaN }],
    ['options.prepare', { primary, prepare: 'yes' }],
    ['options.acquireTimeoutMs', { primary, acquireTimeoutMs: 2 ** 31 }],
  ])('are refused with the path %s: %j', (path, options) => {
    const refused = () => resolveOptions(options as never)
    expect(refused).toThrow(ConfigError)
    expect(refused).toThrow(path)
  })
})
