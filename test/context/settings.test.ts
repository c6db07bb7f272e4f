import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderSettingValues, parseSettingName } from '../../src/context/settings.ts'
import { ConfigError } from '../../src/errors/config.ts'
import { SettingInvalidError } from '../../src/errors/tenant.ts'

describe('the name of a setting', () => {
  it.each(['app.tenant_id', 'a.b.c', '_x._y1'])('may be %s', (name) => {
    expect(parseSettingName(name, 'options.tenant.setting')).toBe(name)
  })

  it.each(['role', 'search_path', 'App.Tenant', "app.x'", 'app.', '.x', 'app x.y', 'app."x"', '', 7, null])(
    'may not be %j',
    (name) => {
      expect(() => parseSettingName(name, 'options.settings[0]')).toThrow(ConfigError)
    },
  )

  it('can never leave its place in the text of the context statement', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        try {
          return /^[a-z0-9_.]+$/.test(parseSettingName(name, 'x'))
        } catch (error) {
          return error instanceof ConfigError
        }
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('the values of the settings', () => {
  const declared = ['app.user_id', 'app.role']

  it('are put in declared order, and are empty where none is given', () => {
    expect(orderSettingValues(declared, { 'app.role': 'nurse' })).toEqual(['', 'nurse'])
    expect(orderSettingValues(declared, undefined)).toEqual(['', ''])
  })

  it.each([
    ['a setting that is not declared', { 'app.other': 'x' }],
    ['a number', { 'app.role': 7 }],
    ['null', { 'app.role': null }],
    ['a NUL byte', { 'app.role': 'a\0' }],
  ])('may not hold %s', (_label, values) => {
    expect(() => orderSettingValues(declared, values as never)).toThrow(SettingInvalidError)
  })

  it('are not taken from the prototype', () => {
    const values = Object.create({ 'app.role': 'admin' }) as Record<string, string>
    expect(orderSettingValues(declared, values)).toEqual(['', ''])
  })
})
