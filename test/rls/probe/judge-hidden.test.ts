import { describe, expect, it } from 'vitest'
import { type HiddenSights, judgeHidden } from '../../../src/rls/probe/read/judge-hidden.ts'
import { ProbeReport } from '../../../src/rls/probe/report/probe-report.ts'
import type { ProbedRelation } from '../../../src/rls/probe/schema/probed-relation.ts'

const VIEW: ProbedRelation = {
  object: 'public.names',
  ident: 'public.names',
  kind: 'v',
  tenant: null,
  partition: false,
  rowSecurity: false,
  forced: false,
  owned: false,
  invoker: false,
  canInsert: false,
  canDelete: false,
  canTruncate: false,
  intercepts: false,
  addressed: false,
  columns: [],
  keys: [],
  foreignKeys: [],
  outside: null,
  counts: false,
  calls: false,
  tenantSources: ['public.patients'],
  otherSources: [],
}

function judge(
  sights: Partial<HiddenSights>,
  relation: Partial<ProbedRelation> = {},
  empty: readonly string[] = [],
) {
  const report = new ProbeReport()
  const none = { seen: 0, common: 0 }
  const source = { ...VIEW, ...relation }
  judgeHidden(
    {
      object: source.object,
      rule: 'probe-read',
      tenant: undefined,
      cause: 'Because.',
      fix: 'Mend it.',
      from: () => '',
      relation: source,
    },
    { nobody: none, first: none, second: none, common: 0, ...sights },
    new Set(empty),
    report,
  )
  return report.findings().map(({ rule, severity }) => `${severity} ${rule}`)
}

const rows = (seen: number, common = seen) => ({ seen, common })

describe('a view without a tenant column that draws from tables of tenants', () => {
  it('leaks where all see the same, and who does not exist too', () => {
    expect(judge({ nobody: rows(4), first: rows(4), second: rows(4) })).toEqual(['error probe-hidden-tenant'])
  })

  it('is right where it counts: nobody has 0, and they have the same', () => {
    expect(judge({ nobody: rows(1), first: rows(1, 0), second: rows(1, 0) })).toEqual([])
  })

  it('may be right where it shows some rows to all, beside their own', () => {
    expect(judge({ nobody: rows(2), first: rows(5, 2), second: rows(4, 2) })).toEqual([
      'warning probe-hidden-tenant',
    ])
  })

  it('proves nothing where neither tenant has rows in those tables, or sees any', () => {
    expect(judge({ nobody: rows(1), first: rows(1), second: rows(1) }, {}, ['public.patients'])).toEqual([
      'info probe-incomplete',
    ])
    expect(judge({})).toEqual(['info probe-incomplete'])
  })
})

describe('a relation that names no tenant', () => {
  const table = { kind: 'r', tenantSources: [], addressed: true } as const

  it('is to be declared shared where it shows the same to all', () => {
    expect(judge({ nobody: rows(2), first: rows(2), second: rows(2) }, table)).toEqual([
      'warning probe-hidden-tenant',
    ])
    expect(judge({ nobody: rows(0), first: rows(3, 3), second: rows(3, 3), common: 1 }, table)).toEqual([
      'warning probe-hidden-tenant',
    ])
  })

  it('is right where each sees rows of its own', () => {
    expect(judge({ first: rows(3, 0), second: rows(2, 0) }, table)).toEqual([])
  })

  it('is right where it is a view of shared tables', () => {
    const view = { tenantSources: [], otherSources: [] }
    expect(judge({ nobody: rows(2), first: rows(2), second: rows(2) }, view)).toEqual([])
  })
})

it('takes every row of a table whose tenant column may not be read for a tenant’s', () => {
  const table = { kind: 'r', tenant: 'tenant_id', tenantSources: [] } as const
  expect(judge({ nobody: rows(1), first: rows(1, 0) }, table)).toEqual(['error probe-hidden-tenant'])
  expect(judge({ first: rows(2, 0), second: rows(1, 0) }, table)).toEqual([])
})
