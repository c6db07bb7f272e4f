import { describe, expect, it } from 'vitest'
import { createContextStatements } from '../../src/context/context-statement.ts'
import { NO_TENANT } from '../../src/context/no-tenant.ts'
import { uuid } from '../../src/context/tenant-id.ts'

const statements = createContextStatements('app.tenant_id', ['app.user_id'])
const context = {
  tenant: uuid('7b1d4a8e-90ab-4cde-8f01-23456789abcd'),
  settings: ['user-7'],
  readOnly: false,
}
const baseline = { currentUser: 'app', settings: 'onhospital' }

describe('the context statement', () => {
  it('binds every value and has none of them in its text', () => {
    const { text, values } = statements.compose(context, baseline, 2_500)
    expect(values).toEqual([
      ...['app', 'onhospital'],
      ...[expect.any(String), context.tenant, '2500ms', 'user-7'],
    ])
    for (const value of values) expect(text).not.toContain(`'${value}'`)
  })

  it('expects back the tenant, the settings, and a nonce that no other request carries', () => {
    const first = statements.compose(context, baseline, 1)
    const second = statements.compose(context, baseline, 1)
    expect(first.expected).toEqual(["'sound'", first.values[2], context.tenant, 'user-7'])
    expect(first.values[2]).not.toBe(second.values[2])
  })

  it('sets an empty tenant, and expects it back, where there is none', () => {
    const { values, expected } = statements.compose({ ...context, tenant: NO_TENANT }, baseline, 1)
    expect([values[3], expected[2]]).toEqual(['', ''])
  })

  it('sets every setting for the transaction only', () => {
    const { text } = statements.compose({ ...context, readOnly: true }, baseline, 1)
    expect(text.match(/set_config\([^)]*\)/g)).toHaveLength(4)
    for (const call of text.match(/set_config\([^)]*\)/g) ?? []) expect(call).toMatch(/,true\)$/)
  })

  it('leaves no name to the search_path', () => {
    const { text } = statements.compose({ ...context, readOnly: true }, baseline, 1)
    const names = [...text.matchAll(/([a-z_.]+)\(/g), ...text.matchAll(/::([a-z_.]+)/g)].map(
      ([, name]) => name,
    )
    expect(names.length).toBeGreaterThan(20)
    for (const name of names) if (name !== 'coalesce') expect(name).toMatch(/^pg_catalog\./)
    expect(text).not.toMatch(/[=<>|~]/)
  })
})
