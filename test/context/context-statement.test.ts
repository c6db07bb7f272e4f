import { describe, expect, it } from 'vitest'
import { createContextStatements, readPoisonReport } from '../../src/context/context-statement.ts'
import { NO_TENANT } from '../../src/context/no-tenant.ts'
import { uuid } from '../../src/context/tenant-id.ts'

const statements = createContextStatements('app.tenant_id', ['app.user_id'])
const context = {
  tenant: uuid('7b1d4a8e-90ab-4cde-8f01-23456789abcd'),
  settings: ['user-7'],
  readOnly: false,
}
const baseline = { signature: '|none|app|on|public' }

describe('the context statement', () => {
  it('binds every value and has none of them in its text', () => {
    const { text, values } = statements.compose(context, baseline, 2_500)
    expect(values).toEqual([baseline.signature, expect.any(String), context.tenant, '2500ms', 'user-7'])
    for (const value of values) expect(text).not.toContain(value)
  })

  it('expects back the tenant, the settings, and a nonce that no other request carries', () => {
    const first = statements.compose(context, baseline, 1)
    const second = statements.compose(context, baseline, 1)
    expect(first.expected).toEqual(['0', first.values[1], context.tenant, 'user-7'])
    expect(first.values[1]).not.toBe(second.values[1])
  })

  it('sets an empty tenant, and expects it back, where there is none', () => {
    const { values, expected } = statements.compose({ ...context, tenant: NO_TENANT }, baseline, 1)
    expect([values[2], expected[2]]).toEqual(['', ''])
  })

  it('sets every setting for the transaction only', () => {
    const { text } = statements.compose({ ...context, readOnly: true }, baseline, 1)
    expect(text.match(/set_config\([^)]*\)/g)).toHaveLength(4)
    for (const call of text.match(/set_config\([^)]*\)/g) ?? []) expect(call).toMatch(/, true\)$/)
  })

  it('leaves no name to the search_path', () => {
    const { text } = statements.compose({ ...context, readOnly: true }, baseline, 1)
    for (const [, name] of text.matchAll(/([a-z_.]+)\(/g)) {
      if (name !== '' && name !== 'coalesce' && name !== 'operator') expect(name).toMatch(/^pg_catalog\./)
    }
    expect(text.replaceAll('operator(pg_catalog.=)', '').replace(/^select/, '')).not.toMatch(/[=<>]/)
  })
})

describe('the report of a poisoned backend', () => {
  const message = (inner: string) => ({
    code: '22P02',
    message: `invalid input syntax for type integer: "${inner}"`,
  })

  it('is read from the error of the guard, in any language', () => {
    expect(readPoisonReport(message('leasehold:poisoned:tenant:4711'))).toEqual({
      poison: 'tenant',
      pid: 4711,
    })
    const german = { code: '22P02', message: 'ungültige Eingabe: »leasehold:poisoned:session:1«' }
    expect(readPoisonReport(german)).toEqual({ poison: 'session', pid: 1 })
  })

  it('is not read from any other error', () => {
    expect(readPoisonReport(message('twelve'))).toBeUndefined()
    expect(readPoisonReport({ ...message('leasehold:poisoned:tenant:1'), code: '22003' })).toBeUndefined()
  })
})
