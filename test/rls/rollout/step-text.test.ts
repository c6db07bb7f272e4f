import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs } from '../../../src/rls/rollout/backoff.ts'
import { printRollout } from '../../../src/rls/rollout/print-rollout.ts'
import { ROLLOUT_LIMITS } from '../../../src/rls/rollout/rollout-limits.ts'
import type { RolloutStep } from '../../../src/rls/rollout/rollout-step.ts'
import { boundMs, briefText } from '../../../src/rls/rollout/step-text.ts'

const step: RolloutStep = {
  phase: 'enforce',
  object: 'public.a',
  purpose: 'A.',
  kind: 'brief',
  parts: ['alter table a enable row level security;', 'alter table a force row level security;'],
  locks: [
    { table: 'public.a', ident: 'public.a', mode: 'ACCESS EXCLUSIVE' },
    { table: 'public.b', ident: 'public.b', mode: 'ACCESS EXCLUSIVE' },
  ],
}

describe('A brief step', () => {
  it('takes all its locks first, in bounded time, and gives each statement what is left', () => {
    const lines = briefText(step, ROLLOUT_LIMITS).split('\n')
    expect(lines.slice(0, 4)).toEqual([
      'begin;',
      'set local lock_timeout = 50;',
      'set local statement_timeout = 50;',
      'lock table only public.a, only public.b in access exclusive mode;',
    ])
    expect(lines.filter((line) => line.includes("set_config('statement_timeout'"))).toHaveLength(2)
    expect(lines.at(-1)).toBe('commit;')
  })

  it('says how long others may wait for it', () => {
    expect(boundMs(step, ROLLOUT_LIMITS)).toBe(150)
    expect(boundMs({ ...step, locks: [] }, ROLLOUT_LIMITS)).toBe(0)
    expect(printRollout([step])).toBe(
      [
        '-- 1. enforce: public.a: A.',
        '-- Locks: ACCESS EXCLUSIVE on public.a, ACCESS EXCLUSIVE on public.b.',
        '-- Makes others wait for 150 ms at most, or is undone and tried again.',
        ...step.parts,
        '',
      ].join('\n'),
    )
  })
})

it('Waiting between two attempts grows, up to two seconds, and is never the same for all', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, random) => {
        const wait = backoffMs(attempt, random)
        expect(wait).toBeGreaterThanOrEqual(50)
        expect(wait).toBeLessThanOrEqual(2_000)
      },
    ),
  )
  expect(backoffMs(1, 0)).toBe(50)
  expect(backoffMs(1, 1)).toBe(100)
  expect(backoffMs(3, 0)).toBeGreaterThan(backoffMs(2, 0))
})
