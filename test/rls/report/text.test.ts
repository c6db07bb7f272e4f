import { describe, expect, it } from 'vitest'
import { toJson } from '../../../src/rls/report/json.ts'
import { toText } from '../../../src/rls/report/text.ts'
import { findingOn, HOSTILE_NAMES } from './hostile-findings.ts'

describe('a report in text', () => {
  it('puts the worst first, and says of each what it is and what to do', () => {
    const report = toText([findingOn('a', 'info'), findingOn('b', 'warning'), findingOn('c'), findingOn('d')])
    expect(report).toBe(`2 errors:

  public.c  [rls-disabled]
    The table c is open.
    Fix: alter table c enable row level security

  public.d  [rls-disabled]
    The table d is open.
    Fix: alter table d enable row level security

1 warning:

  public.b  [rls-disabled]
    The table b is open.
    Fix: alter table b enable row level security

1 note:

  public.a  [rls-disabled]
    The table a is open.
    Fix: alter table a enable row level security

Found: 2 errors, 1 warning, 1 note.`)
  })

  it('says that nothing was found', () => {
    expect(toText([])).toBe('Found: nothing.')
  })

  it.each(HOSTILE_NAMES)('keeps its lines whatever is in a name: %j', (name) => {
    const report = toText([findingOn(name)])
    expect(report.split('\n')).toHaveLength(toText([findingOn('plain')]).split('\n').length)
    expect(report.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  })
})

describe('a report in JSON', () => {
  it('is one line with what the document has, and no more', () => {
    const report = toJson(HOSTILE_NAMES.map((name) => findingOn(name)))
    expect(report).not.toContain('\n')
    const { findings } = JSON.parse(report)
    expect(findings.map(({ object }: { object: string }) => object)).toEqual(
      HOSTILE_NAMES.map((name) => `public.${name}`),
    )
    expect(Object.keys(findings[0])).toEqual(['rule', 'severity', 'object', 'message', 'fix'])
  })

  it('of nothing is an empty list', () => {
    expect(toJson([])).toBe('{"findings":[]}')
  })
})
