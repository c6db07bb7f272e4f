import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Leasehold, WriteInReadError } from '../../../src/index.ts'
import type { Router } from '../../../src/router/index.ts'
import { askOnce } from '../../../src/testing/rig/admin-session.ts'
import type { PostgresNode } from '../../../src/testing/rig/postgres-node.ts'
import { startToxicProxy } from '../../../src/testing/rig/proxy/index.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { fill, TENANT_A, TENANT_B } from '../../support/notes.ts'
import { openFleet, startNotesRig } from '../support/fleet.ts'
import { COUNT, errorsOf, readDuring, readOnce, readTimes, targetsOf } from './support/reading.ts'
import { awaitStates, states } from './support/states.ts'

const ROWS = `insert into notes (tenant_id, body)
  select tenant::uuid, body from (values ('${TENANT_A}', 'a1'), ('${TENANT_A}', 'a2'), ('${TENANT_B}', 'b1')) as row (tenant, body)`
/** Of every row that row security lets through, whatever the statement asks for. */
const BODIES = 'select body, pg_is_in_recovery() as standby from notes order by body'
/** So that only what a read is told itself can have found it out. */
const NO_PROBES = { probe: { intervalMs: 60_000 }, tokens: { ttlMs: 300_000 } }

async function fillNotes(rig: Rig): Promise<void> {
  await fill(rig.primary.adminUrl(), ROWS)
  const lsn = await rig.primary.currentLsn()
  await Promise.all(rig.standbys.map((standby) => standby.awaitReplay(lsn)))
}

describe('row security', () => {
  let rig: Rig
  let db: Leasehold
  let router: Router

  beforeAll(async () => {
    rig = await startNotesRig()
    await fillNotes(rig)
  })
  afterEach(() => db?.close({ drainMs: 1_000 }))
  afterAll(() => rig.stop())

  it('shows nothing to the role of the application without a tenant, on the primary and on every replica', async () => {
    for (const { host, port } of [rig.primary, ...rig.standbys]) {
      const client = new pg.Client({ host, port, user: 'app', database: 'postgres' })
      await client.connect()
      const { rows } = await client.query(BODIES)
      await client.end()
      expect(rows).toEqual([])
    }
  })

  it('shows to a tenant its own rows on the primary, on every replica, and in the share of the primary for reads', async () => {
    ;({ db, router } = openFleet(rig))
    const seen = new Map<string, Set<string>>()
    const look = async () => {
      for (const [tenant, prefix] of [
        [TENANT_A, 'a'],
        [TENANT_B, 'b'],
      ] as const) {
        for (const route of ['replica', 'primary'] as const) {
          const result = await db.tenant(tenant, { route, readOnly: true }).query<{ body: string }>(BODIES)
          const { target, reason } = result.route ?? {}
          expect(result.rows.map(({ body }) => body)).toEqual(prefix === 'a' ? ['a1', 'a2'] : ['b1'])
          seen.set(prefix, (seen.get(prefix) ?? new Set()).add(`${target} ${reason}`))
        }
      }
    }
    for (let n = 0; n < 4; n++) {
      await look()
      // Else each tenant would have the same turn each time.
      await readOnce(db)
    }
    await Promise.all(rig.standbys.map((standby) => standby.stop()))
    await readTimes(10, db)
    await awaitStates(router, ['ejected', 'ejected'])
    await look()
    await Promise.all(rig.standbys.map((standby) => standby.restart()))
    const everywhere = new Set(['r1 replica', 'r2 replica', 'primary asked', 'primary down'])
    expect(seen.get('a')).toEqual(everywhere)
    expect(seen.get('b')).toEqual(everywhere)
  })

  it('shows to a tenant its own rows after a read was lost with its connection, and sent again', async () => {
    const proxies = await Promise.all(rig.standbys.map((standby) => startToxicProxy({ target: standby })))
    ;({ db, router } = openFleet(rig, { replicas: proxies }))
    await readTimes(4, db)
    for (let n = 0; n < 12; n++) {
      const tenant = n % 2 === 0 ? TENANT_A : TENANT_B
      // The read arrives, and its answer never does.
      for (const proxy of proxies) {
        proxy.disarmCuts()
        const cut = proxy.cutAt({
          direction: 'server',
          type: 'D',
          message: 0,
          when: 'before',
          since: 'armed',
        })
        cut.catch(() => {})
      }
      const { rows, route } = await db.tenant(tenant, { route: 'replica' }).query<{ body: string }>(BODIES)
      expect(rows.map(({ body }) => body)).toEqual(tenant === TENANT_A ? ['a1', 'a2'] : ['b1'])
      if (n === 0) expect(route?.attempts).toBeGreaterThan(1)
    }
    await Promise.all(proxies.map((proxy) => proxy.close()))
  })
})

describe('a replica that is none any more', () => {
  let rig: Rig
  let promoted: PostgresNode
  let db: Leasehold
  let router: Router

  beforeAll(async () => {
    rig = await startNotesRig()
    promoted = rig.standbys[0] ?? rig.primary
    await fillNotes(rig)
    ;({ db, router } = openFleet(rig, { router: NO_PROBES }))
    expect(targetsOf(await readTimes(8, db))).toEqual(new Set(['r1', 'r2']))
  })
  afterAll(async () => {
    await db.close({ drainMs: 1_000 })
    await rig.stop()
  })

  it('is out of the read set by the next read that meets it, which is served elsewhere', async () => {
    const during = await readDuring(promoted.promote(), db)
    expect(errorsOf(during)).toEqual([])
    const after = await readTimes(20, db)
    expect(errorsOf(after)).toEqual([])
    for (const { rows } of [...during, ...after]) expect(rows).toEqual([{ standby: true, notes: 2 }])
    expect(targetsOf(after)).toEqual(new Set(['r2']))
    expect(states(router)[0]).toBe('promoted')
  })

  it('takes no write, though its sessions could write by then', async () => {
    const { db: other } = openFleet(rig, { router: NO_PROBES })
    const count = async (node: PostgresNode) =>
      (await askOnce<{ n: number }>(node.adminUrl(), 'select count(*)::int as n from notes'))[0]?.n
    const before = await count(promoted)
    for (const each of [db, other]) {
      for (let n = 0; n < 4; n++) {
        await each.tenant(TENANT_A).query(`insert into notes (body) values ('x')`)
        const { error } = await readOnce(each, `insert into notes (body) values ('x')`)
        expect(error).toMatchObject({ code: '25006' })
      }
    }
    await other.close()
    expect(await count(promoted)).toBe(before)
    expect(await count(rig.primary)).toBe((before ?? 0) + 8)
  })

  it('takes no write of a transaction that finds out only there', async () => {
    const next = rig.standbys[1]
    if (!next) throw new Error('The rig has no second standby.')
    const { db: other } = openFleet(rig, { router: NO_PROBES })
    expect(targetsOf(await readTimes(4, other))).toEqual(new Set(['r2']))
    await next.promote()
    const work = other.run({ tenant: TENANT_A, method: 'GET' }, () =>
      other
        .current()
        .transaction()
        .execute((tx) => tx.query(`insert into notes (body) values ('x')`)),
    )
    await expect(work).rejects.toBeInstanceOf(WriteInReadError)
    const { rows } = await other.tenant(TENANT_A, { route: 'replica' }).query<{ notes: number }>(COUNT)
    expect(rows).toEqual([{ standby: false, notes: 10 }])
    await other.close()
  })
})

describe('a server of another cluster in the place of a replica', () => {
  let rig: Rig
  let foreign: Rig
  let db: Leasehold

  beforeAll(async () => {
    ;[rig, foreign] = await Promise.all([startNotesRig(1), startNotesRig(1, { ownSystemIdentifier: true })])
    await fillNotes(rig)
    await fillNotes(foreign)
    await fill(foreign.primary.adminUrl(), ROWS)
  })
  afterEach(() => db?.close({ drainMs: 1_000 }))
  afterAll(() => Promise.all([rig.stop(), foreign.stop()]))

  it('from the start serves nothing, be it a primary or a standby there', async () => {
    const mine = rig.standbys[0] ?? rig.primary
    const others = [foreign.primary, ...foreign.standbys]
    const fleet = openFleet(rig, { replicas: [mine, ...others] })
    db = fleet.db
    const ends = await readTimes(20, db)
    expect(errorsOf(ends)).toEqual([])
    expect(targetsOf(ends)).toEqual(new Set(['r1']))
    expect(states(fleet.router).slice(1)).toEqual(['foreign', 'foreign'])
  })

  it('later serves nothing from its first probe on', async () => {
    const place = await startToxicProxy({ target: rig.standbys[0] ?? rig.primary })
    const { port } = place
    const fleet = openFleet(rig, { replicas: [{ host: place.host, port }] })
    db = fleet.db
    await readTimes(4, db)
    await awaitStates(fleet.router, ['healthy'])
    await place.close()
    const taken = await startToxicProxy({ target: foreign.standbys[0] ?? foreign.primary, port })
    await awaitStates(fleet.router, ['foreign'])
    const ends = await readTimes(10, db)
    expect(errorsOf(ends)).toEqual([])
    expect(targetsOf(ends)).toEqual(new Set(['primary']))
    for (const { rows } of ends) expect(rows).toEqual([{ standby: false, notes: 2 }])
    await taken.close()
  })
})
