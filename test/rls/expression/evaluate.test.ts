import { describe, expect, it } from 'vitest'
import { callsPerRow } from '../../../src/rls/expression/calls-per-row.ts'
import type { CatalogNames, FunctionFacts } from '../../../src/rls/expression/catalog-names.ts'
import { closedCalls } from '../../../src/rls/expression/closed-calls.ts'
import { evaluate } from '../../../src/rls/expression/evaluate.ts'
import type { Call, Constant, Expression } from '../../../src/rls/expression/expression.ts'
import { always, FAILS } from '../../../src/rls/expression/possible.ts'
import { readExpression } from '../../../src/rls/expression/read-expression.ts'
import { settingsRead } from '../../../src/rls/expression/settings-read.ts'
import type { Situation } from '../../../src/rls/expression/situation.ts'
import { tenantComparison } from '../../../src/rls/expression/tenant-comparison.ts'
import { TREES } from './trees.ts'

const facts = (name: string, schema = 'pg_catalog', more: Partial<FunctionFacts> = {}): FunctionFacts => ({
  schema,
  name,
  object: `${schema}.${name}()`,
  signature: `${schema}.${name}()`,
  volatility: 'stable',
  strict: true,
  language: 'internal',
  source: '',
  body: null,
  ...more,
})
const FUNCTIONS = new Map([
  [3294, facts('current_setting')],
  [
    1,
    facts('tenant', 'public', { language: 'sql', source: "select current_setting('Other.Setting')::uuid" }),
  ],
  [2, facts('current_setting', 'public')],
])
const OPERATORS = new Map([
  [98, { schema: 'pg_catalog', name: '=', strict: true, negator: 531 }],
  [2972, { schema: 'pg_catalog', name: '=', strict: true, negator: 2973 }],
])
const names: CatalogNames = { function: (oid) => FUNCTIONS.get(oid), operator: (oid) => OPERATORS.get(oid) }

const OWN = '5eed0001-ea5e-4001-8001-1ea5e401d00b'
const situation = (setting: string | null, tenant: string): Situation => ({
  column: (number) => (number === 1 ? always(tenant) : undefined),
  setting: (name) => (name === 'app.tenant_id' ? always(setting) : undefined),
  user: () => undefined,
  call: () => undefined,
})
const canonical = readExpression(TREES['18'].canonical)
const text = (value: string): Constant => ({ kind: 'constant', type: 25, value })
const call = (oid: number, ...args: readonly Expression[]): Call => ({
  kind: 'call',
  function: oid,
  type: 25,
  args,
})

describe('the canonical policy', () => {
  it.each([
    ['the tenant itself', OWN, OWN, 't'],
    ['a uuid written otherwise', OWN.toUpperCase(), OWN, 't'],
    ['another tenant', '5eed0001-ea5e-4001-8001-1ea5e401d00a', OWN, 'f'],
    ['nothing', null, OWN, null],
    ['an empty text', '', OWN, null],
    ['a text that is no uuid', 'null', OWN, FAILS],
  ])('answers for a setting that holds %s', (_what, setting, tenant, answer) => {
    expect(evaluate(canonical, situation(setting, tenant), names)).toEqual(new Set([answer]))
  })

  it('compares the bare column with one value', () => {
    const comparison = tenantComparison(canonical, 1, names)
    expect(comparison).toMatchObject({ column: 'bare', values: [{ kind: 'subquery' }] })
    expect(tenantComparison(canonical, 2, names)).toBeUndefined()
  })

  it('reads its setting once, and no other', () => {
    expect([...settingsRead(canonical, names)]).toEqual(['app.tenant_id'])
    expect(callsPerRow(canonical, names)).toEqual([])
  })
})

describe('a setting', () => {
  const read = (name: string): Call => call(3294, text(name), { kind: 'constant', type: 16, value: 't' })

  it('has the same name in any case', () => {
    expect(evaluate(read('App.Tenant_ID'), situation('x', OWN), names)).toEqual(new Set(['x']))
    expect([...settingsRead(read('App.Tenant_ID'), names)]).toEqual(['app.tenant_id'])
  })

  it('that may not be missing fails where it is', () => {
    expect(evaluate(call(3294, text('app.tenant_id')), situation(null, OWN), names)).toEqual(new Set([FAILS]))
    expect(evaluate(call(3294, text('app.tenant_id')), situation('', OWN), names)).toEqual(new Set(['']))
  })

  it('is read for each row where no subquery of its own stands around', () => {
    expect(callsPerRow(read('a.b'), names)).toHaveLength(1)
  })

  it('is not read by a function that only has the name', () => {
    expect([...settingsRead(call(2, text('a.b')), names)]).toEqual([])
    expect(evaluate(call(2, text('app.tenant_id')), situation('x', OWN), names)).toBeUndefined()
  })
})

describe('a function of the schema', () => {
  it('reads the settings that its source names', () => {
    expect([...settingsRead(call(1), names)]).toEqual(['other.setting'])
  })

  it('can be called by itself where its arguments are constants', () => {
    expect(closedCalls(call(1, text('x')), names)).toHaveLength(1)
    expect(closedCalls(call(1, { kind: 'column', number: 1, level: 0, type: 25 }), names)).toEqual([])
  })

  it('answers what it is said to', () => {
    const answering = { ...situation(null, OWN), call: () => always(OWN) }
    expect(evaluate(call(1), answering, names)).toEqual(new Set([OWN]))
  })
})
