import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { usePlatform } from './support/use-platform.ts'

const platform = usePlatform({ phase: 1, services: ['identity', 'core-api', 'clinic', 'portal'] })

it('the load visits pages of both apps as who is signed in there, and seven of ten requests still read', async () => {
  await using load = await platform().startLoad({ shape: 'steady', pages: true, perSecond: 40 })
  await sleep(15_000)
  const { figures, rows } = await load.stop()
  // No redirect to a login form, no refusal, no error.
  expect(Object.keys(figures.byStatus).sort()).toEqual(['200', '201'])
  expect(figures.notSent).toBe(0)
  expect(figures.reads / figures.requests).toBeGreaterThan(0.64)
  expect(figures.reads / figures.requests).toBeLessThan(0.8)
  expect(rows.checked).toBeGreaterThan(100)
  expect(rows.foreign).toBe(0)
}, 60_000)
