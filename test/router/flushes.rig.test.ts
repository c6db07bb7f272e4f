import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Leasehold, ReaderOptions } from '../../src/index.ts'
import { startToxicProxy, type ToxicProxy } from '../../src/testing/rig/proxy/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { TENANT_A } from '../support/notes.ts'
import { openFleet, startNotesRig } from './support/fleet.ts'

const INSERT = `insert into notes (body) values ('x')`
const READ = 'select count(*)::int as notes from notes'

describe('a token', () => {
  let rig: Rig
  let proxies: readonly ToxicProxy[]
  let db: Leasehold

  beforeAll(async () => {
    rig = await startNotesRig(1)
    proxies = await Promise.all([rig.primary, ...rig.standbys].map((target) => startToxicProxy({ target })))
    const [primary, ...replicas] = proxies
    // One connection each, and no probe after the first, so that nothing but the calls is counted.
    const probe = { intervalMs: 60_000 }
    ;({ db } = openFleet(rig, {
      ...(primary && { primary }),
      replicas,
      router: { probe, lag: { maxMs: 1_000 }, tokens: { ttlMs: 600_000 } },
    }))
    await db.tenant(TENANT_A).query(INSERT)
    await db.tenant(TENANT_A, { route: 'replica' }).query(READ)
  })
  afterAll(async () => {
    await db.close()
    await Promise.all(proxies.map((proxy) => proxy.close()))
    await rig.stop()
  })

  const counted = async (work: () => Promise<unknown>) => {
    for (const proxy of proxies) proxy.resetCounts()
    await work()
    return proxies.reduce(
      (sum, { counts }) => ({
        flushes: sum.flushes + counts.clientFlushes,
        roundTrips: sum.roundTrips + counts.roundTrips,
      }),
      { flushes: 0, roundTrips: 0 },
    )
  }

  it.each<[string, number, (options: ReaderOptions) => Promise<unknown>]>([
    ['a statement that writes', 1, (options) => db.tenant(TENANT_A, options).query(INSERT)],
    ['a batch that writes', 1, (options) => db.tenant(TENANT_A, options).batch([INSERT, INSERT])],
    [
      'a transaction of two statements that write',
      3,
      (options) =>
        db.withTenant(
          TENANT_A,
          async (tx) => {
            await tx.query(INSERT)
            await tx.query(INSERT)
          },
          options,
        ),
    ],
    [
      'a read on a replica',
      1,
      (options) => db.tenant(TENANT_A, { ...options, route: 'replica' }).query(READ),
    ],
  ])('adds no flush and no round trip to %s', async (what, expected, call) => {
    let token: string | undefined
    const onToken = (text: string) => {
      token = text
    }
    await call({ onToken })
    const without = await counted(() => call({}))
    const given = token
    token = undefined
    const withToken = await counted(() => call({ token: given, onToken }))
    console.log(`${what}: ${without.flushes} flushes without a token, ${withToken.flushes} with one`)
    expect(token).toMatch(/^[\w-]{88}$/)
    expect(withToken).toEqual(without)
    expect(withToken).toEqual({ flushes: expected, roundTrips: expected })
  })
})
