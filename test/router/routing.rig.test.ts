import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type CallOptions,
  createLeasehold,
  type Leasehold,
  type Route,
  UnsupportedError,
  WriteInReadError,
} from '../../src/index.ts'
import type { Router } from '../../src/router/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { openFleet, startNotesRig } from './support/fleet.ts'

const SERVER = 'select pg_is_in_recovery() as standby, count(*)::int as notes from notes'

describe('where work goes', () => {
  let rig: Rig
  let db: Leasehold
  let router: Router

  beforeAll(async () => {
    rig = await startNotesRig()
    ;({ db, router } = openFleet(rig))
  })
  afterAll(async () => {
    await db.close()
    await rig.stop()
  })

  it('is a replica for what reads in the scope of a GET, in turn', async () => {
    const routes = await db.run({ tenant: TENANT_A, method: 'GET' }, async () => {
      const targets: (string | undefined)[] = []
      for (let n = 0; n < 6; n++) {
        const { rows, route } = await db.current().query(SERVER)
        expect(rows).toEqual([{ standby: true, notes: 0 }])
        targets.push(route?.target)
      }
      return targets
    })
    expect(routes.toSorted()).toEqual(['r1', 'r1', 'r1', 'r2', 'r2', 'r2'])
  })

  it('is the primary for what writes, and a replica that has it for what reads it back', async () => {
    await db.run({ tenant: TENANT_A, method: 'POST' }, async () => {
      const { route } = await db.current().query(`insert into notes (body) values ('x')`)
      expect(route).toMatchObject({ target: 'primary', reason: 'write' })
      const read = await db.current({ route: 'replica' }).query(SERVER)
      expect(read.rows).toEqual([{ standby: true, notes: 1 }])
    })
    const other = await db.tenant(TENANT_B, { route: 'replica' }).query(SERVER)
    expect(other.rows).toEqual([{ standby: true, notes: 0 }])
  })

  it('is refused to what writes in a GET, alike with one database and with replicas, and says where', async () => {
    const { host, port } = rig.primary
    const alone = createLeasehold({ primary: { host, port, user: 'app', database: 'postgres' } })
    const write = (on: Leasehold) =>
      on.run({ tenant: TENANT_A, method: 'GET', httpRoute: '/notes/:id' }, async () => {
        const text = on.current().query(`insert into notes (body) values ('secret')`)
        const locked = on
          .current()
          .transaction()
          .execute((tx) => tx.query('select from notes for update'))
        return Promise.all([text, locked].map((call) => call.catch((error: unknown) => error)))
      })
    const errors = [...(await write(alone)), ...(await write(db))]
    await alone.close()
    for (const error of errors) {
      expect(error).toBeInstanceOf(WriteInReadError)
      expect(error).toMatchObject({ request: 'GET /notes/:id', cause: { code: '25006' } })
      expect(String(error)).toContain('GET /notes/:id reads only')
      expect(String(error)).not.toContain('secret')
    }
    expect(new Set(errors.map(String)).size).toBe(1)
  })

  it.each(['OPTIONS', 'TRACE'])('is nowhere for %s, which takes no connection', async (method) => {
    await db.run({ tenant: TENANT_A, method }, async () => {
      expect(() => db.current()).toThrow(UnsupportedError)
    })
  })

  it('is the primary for what only it can give, and says why', async () => {
    const read = async (options: CallOptions) =>
      (await db.tenant(TENANT_A, options).query(SERVER)).route?.reason
    expect(await read({ readOnly: true })).toBe('asked')
    expect(await read({ route: 'replica', consistency: 'strong' })).toBe('strong')
    expect(await read({ route: 'replica', token: 'made up' })).toBe('token')
    let route: Route | undefined
    const serializable = await db.withTenant(TENANT_A, (tx) => tx.query(SERVER), {
      route: 'replica',
      isolation: 'serializable',
      onRoute: (found) => {
        route = found
      },
    })
    expect(serializable.rows).toMatchObject([{ standby: false }])
    expect(route).toMatchObject({ target: 'primary', reason: 'isolation', attempts: 1 })
  })

  it('may be a replica for a transaction that reads, which is never asked to repeat its work', async () => {
    let calls = 0
    const standby = await db.withTenant(
      TENANT_A,
      async (tx) => {
        calls += 1
        const { rows } = await tx.query<{ standby: boolean }>(SERVER)
        const again = await tx.query<{ standby: boolean }>(SERVER)
        return [rows[0]?.standby, again.rows[0]?.standby]
      },
      { route: 'replica' },
    )
    expect(standby).toEqual([true, true])
    expect(calls).toBe(1)
  })

  it('counts a reason for each', async () => {
    const { routed, reasons } = router.snapshot()
    expect(Object.values(reasons).reduce((sum, count) => sum + count, 0)).toBe(routed)
  })
})
