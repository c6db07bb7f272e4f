import { describe, expect, it } from 'vitest'
import type { ProbeContext } from '../../../src/rls/probe/context/probe-context.ts'
import { judgeSights } from '../../../src/rls/probe/read/judge-sights.ts'
import type { Sight } from '../../../src/rls/probe/read/look.ts'
import type { ReadSource } from '../../../src/rls/probe/read/read-source.ts'
import { ProbeReport } from '../../../src/rls/probe/report/probe-report.ts'

const SOURCE: ReadSource = {
  object: 'public.notes',
  rule: 'probe-read',
  relation: undefined,
  tenant: { ident: 'tenant_id', type: 'uuid' },
  cause: 'Because.',
  fix: 'Mend it.',
  from: () => 'notes',
}
const context = (kind: ProbeContext['kind'], said: string = kind): ProbeContext => ({
  kind,
  said,
  statements: [],
})
const sight = (of: ProbeContext, seen: Partial<Sight>): Sight => ({
  source: SOURCE,
  context: of,
  foreign: seen.code === undefined ? 'none' : undefined,
  own: true,
  by: 'SELECT',
  ...seen,
})

function judge(...sights: readonly Sight[]) {
  const report = new ProbeReport()
  judgeSights(sights, report)
  return report.findings()
}

describe('what was seen of a relation', () => {
  it('is right where nobody sees more than its own', () => {
    expect(
      judge(sight(context('tenant'), {}), sight(context('none'), {}), sight(context('unknown'), {})),
    ).toEqual([])
  })

  it('is one finding, whatever it was seen in', () => {
    const all = [context('tenant'), context('none', 'with no tenant'), context('unknown', 'for nobody')]
    expect(judge(...all.map((each) => sight(each, { foreign: 'owned' })))).toMatchObject([
      {
        rule: 'probe-read',
        severity: 'error',
        message:
          'Work for one tenant sees rows of others, and rows are seen with no tenant and for nobody as well. Because.',
      },
    ])
  })

  it('names the way where it is not SELECT', () => {
    const [finding] = judge(sight(context('tenant'), { foreign: 'owned', by: 'COPY' }))
    expect(finding?.message).toBe('Work for one tenant sees rows of others, by COPY. Because.')
  })

  it('is a matter of the context alone where only that is missing', () => {
    expect(
      judge(sight(context('tenant'), {}), sight(context('none', 'with no tenant'), { foreign: 'owned' })),
    ).toMatchObject([
      { rule: 'probe-no-context', severity: 'error', message: 'Rows are seen with no tenant. Because.' },
    ])
  })

  it('is a warning where the rows are nobody’s', () => {
    expect(judge(sight(context('tenant'), { foreign: 'unowned' }))).toMatchObject([
      { rule: 'probe-read', severity: 'warning' },
    ])
  })
})

describe('an error without a tenant', () => {
  it.each(['42501', 'P0001', '42704', '28000'])('may be a policy that refuses: %s', (code) => {
    expect(judge(sight(context('none'), { code }))).toEqual([])
  })

  it.each(['22P02', '22023'])('is a trap where it comes of an empty setting: %s', (code) => {
    expect(judge(sight(context('none'), { code }))).toMatchObject([
      { rule: 'probe-no-context', severity: 'warning' },
    ])
  })

  it.each(['57014', '55P03', '42P17'])('proves nothing where it comes of something else: %s', (code) => {
    expect(judge(sight(context('none'), { code }))).toMatchObject([{ rule: 'probe-incomplete' }])
    expect(judge(sight(context('garbage'), { code }))).toMatchObject([{ rule: 'probe-incomplete' }])
  })
})

it('takes an error for garbage for right, and for a tenant for no proof', () => {
  expect(
    judge(sight(context('garbage'), { code: '22P02' }), sight(context('unknown'), { code: 'P0001' })),
  ).toEqual([])
  expect(judge(sight(context('tenant'), { code: '42501' }))).toMatchObject([
    { rule: 'probe-incomplete', severity: 'info', message: expect.stringContaining('(SQLSTATE 42501)') },
  ])
})
