import { describe, expect, it } from 'vitest'
import { explainLocks, printPlan } from '../../../src/partitioning/plan/print-plan.ts'
import { months, planOf, stepOf } from './support/plan-of.ts'

describe('A plan in print', () => {
  it('is each step with its id and what it is for, then exactly its SQL', () => {
    const plan = planOf({ leaves: () => months('2025-08', '2027-01') })
    const text = printPlan(plan)
    const lines = text.split('\n')
    for (const { id, purpose, statements, kind } of plan.steps) {
      const heading = lines.indexOf(`-- ${id}: ${purpose}`)
      expect(heading, id).toBeGreaterThanOrEqual(0)
      expect(text).toContain(statements.join('\n'))
      if (kind === 'transaction')
        expect(lines.slice(heading + 1, heading + 3)).toEqual(['begin;', 'set local lock_timeout = 100;'])
    }
    const said = lines.filter((line) => line !== '' && !line.startsWith('-- '))
    const framing =
      /^(?:begin;|commit;|set local lock_timeout = \d+;|set lock_timeout = \d+;|reset lock_timeout;)$/
    expect(said.filter((line) => !framing.test(line))).toEqual(
      plan.steps.flatMap(({ statements }) => statements),
    )
  })

  it('never lets a name end a comment', () => {
    const plan = planOf({ leaves: () => [] })
    const [step = stepOf(plan, '/stage')] = plan.steps
    const nasty = { ...step, id: 'premake/public.a\ndrop table x;/y', purpose: 'One\r\ntwo.' }
    expect(printPlan({ ...plan, steps: [nasty] }).split('\n')[0]).toBe(
      '-- premake/public.a drop table x;/y: One two.',
    )
    const locked = { ...nasty, locks: [{ table: 'public.a\ndrop', mode: 'ACCESS SHARE' as const }] }
    for (const line of explainLocks({ ...plan, steps: [locked] })
      .trimEnd()
      .split('\n'))
      expect(line).toMatch(/^--/)
  })

  it('of locks is what each step takes, and how long it may wait', () => {
    const plan = planOf({ leaves: () => months('2026-09', '2027-01') })
    expect(explainLocks(plan).split('\n')).toEqual([
      '-- premake/public.audit_log/2027-01/stage: Makes the table of 2027-01, closed to everybody, and attaches it to nothing yet.',
      '--   ACCESS SHARE on public.audit_log',
      '--   ROW EXCLUSIVE on leasehold.partition_ledger',
      '--   waits 100 ms for a lock, at most, before it is tried again',
      '',
      '-- premake/public.audit_log/2027-01/attach: Attaches the table of 2027-01: from then on its rows are taken.',
      '--   SHARE UPDATE EXCLUSIVE on public.audit_log',
      '--   ACCESS EXCLUSIVE on public_parts.audit_log_2027_01',
      '--   ROW EXCLUSIVE on leasehold.partition_ledger',
      '--   waits 100 ms for a lock, at most, before it is tried again',
      '',
      '-- analyze/public.audit_log/audit_log/analyze: Tells the planner of the partitions that have come or gone.',
      '--   SHARE UPDATE EXCLUSIVE on public.audit_log',
      ...['2026_09', '2026_10', '2026_11', '2026_12', '2027_01'].map(
        (month) => `--   ACCESS SHARE on public_parts.audit_log_${month}`,
      ),
      '--   waits 100 ms for a lock, at most, before it is tried again',
      '',
    ])
  })

  it('of nothing is nothing', () => {
    expect(printPlan(planOf())).toBe('')
    expect(explainLocks(planOf())).toBe('')
  })
})
