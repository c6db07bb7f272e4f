import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fences } from '../../../src/cache/fences/fences.ts'
import { judge } from '../../../src/cache/fences/judge.ts'
import { EVIDENCE, fill, keysOf, leaseOf, openFences } from './fenced.ts'

describe('an epoch', () => {
  let one: Fences
  let other: Fences
  beforeAll(async () => {
    one = await openFences()
    other = await openFences()
  })
  afterAll(async () => {
    await one.close()
    await other.close()
  })

  it('is the same for all processes, and of letters that a generation may have', () => {
    expect(one.epoch()).toMatch(/^[A-Za-z0-9_-]{8,}$/)
    expect(other.epoch()).toBe(one.epoch())
  })

  it('ends with the timeline of PostgreSQL, of which nobody goes back to an earlier one', async () => {
    const keys = keysOf()
    one.setTimeline(3)
    const { gens } = await fill(one, keys, { lsn: 7n })
    expect(judge(await one.read(keys), gens)).toBe('holds')
    await one.begin(keys.fences, { token: 'tx', pendingMs: 60_000, evidence: EVIDENCE })
    one.setTimeline(4)
    one.setTimeline(2)
    expect(one.epoch()).not.toBe(other.epoch())
    expect(judge(await one.read(keys), gens)).toBe('foreign')
    // The mark of the transaction outlives the change, and what a replica must have replayed is not known any more.
    expect(await one.lease(keys, { token: 'one', leaseMs: 1_000 })).toEqual({
      kind: 'pending',
      pending: keys.fences,
    })
    await one.finish(keys.fences, { token: 'tx', end: { outcome: 'committed', lsn: 9n } })
    expect((await leaseOf(one, keys)).floors).toEqual([undefined, undefined])
    other.setTimeline(4)
    expect(other.epoch()).toBe(one.epoch())
  })

  it('is that of every reading', async () => {
    expect((await one.read(keysOf())).epoch).toBe(one.epoch())
  })
})
