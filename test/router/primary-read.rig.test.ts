import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CallOptions, ConnectionLostError, type Leasehold, type Route } from '../../src/index.ts'
import { startToxicProxy, type ToxicProxy } from '../../src/testing/rig/proxy/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { TENANT_A } from '../support/notes.ts'
import { openFleet, startNotesRig } from './support/fleet.ts'

const COUNT = 'select count(*)::int as notes from notes'

describe('a read that only the primary can serve', () => {
  let rig: Rig
  let proxy: ToxicProxy
  let db: Leasehold

  beforeAll(async () => {
    rig = await startNotesRig(1)
    proxy = await startToxicProxy({ target: rig.primary })
    const { host, port } = proxy
    // One connection, and no probe after the first: what is cut is the answer to the read.
    const primary = { host, port, user: 'app', database: 'postgres', max: 1 }
    const router = { probe: { intervalMs: 60_000 }, tokens: { ttlMs: 600_000 } }
    ;({ db } = openFleet(rig, { router, rest: { primary } }))
    await db.tenant(TENANT_A, { readOnly: true }).query(COUNT)
  })
  afterAll(async () => {
    await db.close({ drainMs: 1_000 })
    await proxy.close()
    await rig.stop()
  })

  /** The answers of this many reads never come. */
  async function loseAnswers(times: number): Promise<void> {
    // The COMMIT of a transaction that only reads is answered behind it.
    await expect.poll(() => db.pool().inUse).toBe(0)
    let left = times
    const cutNext = () => {
      if (left-- <= 0) return
      const cut = { direction: 'server', type: 'D', message: 0, when: 'before', since: 'armed' } as const
      proxy.cutAt(cut).then(cutNext, () => {})
    }
    cutNext()
  }

  it.each<[string, CallOptions]>([
    ['because it was asked for', { readOnly: true }],
    ['for its consistency', { route: 'replica', consistency: 'strong' }],
    ['for a token that cannot be judged', { route: 'replica', token: 'made up' }],
  ])('%s is sent again when its connection is lost, as with one database', async (_why, options) => {
    const call = async (work: (onRoute: (route: Route) => void) => Promise<unknown>) => {
      let route: Route | undefined
      await loseAnswers(1)
      const notes = await work((found) => {
        route = found
      })
      expect(notes).toEqual([{ notes: 0 }])
      expect(route).toMatchObject({ target: 'primary', attempts: 2 })
    }
    await call(async (onRoute) => (await db.tenant(TENANT_A, { ...options, onRoute }).query(COUNT)).rows)
    await call((onRoute) =>
      db.withTenant(TENANT_A, async (tx) => (await tx.query(COUNT)).rows, {
        ...options,
        readOnly: true,
        onRoute,
      }),
    )
  })

  it('is not sent again for ever', async () => {
    await loseAnswers(10)
    await expect(db.tenant(TENANT_A, { readOnly: true }).query(COUNT)).rejects.toThrow(ConnectionLostError)
    proxy.disarmCuts()
  })
})
