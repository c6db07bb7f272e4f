import type pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  createLeasehold,
  type Leasehold,
  type LeaseholdOptions,
  RlsNotEnforcedError,
  withTenant,
} from '../../../src/index.ts'
import { serverHoles } from '../../../src/rls/verify/server-holes.ts'
import { channelMessages } from '../../support/channel-messages.ts'
import { TENANT_A } from '../../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../../support/target.ts'
import { Roles } from './roles.ts'

const INSERT = "insert into notes (body) values ('x')"

describe.each(TARGETS)('the check of a pool, %s', (name) => {
  let target: Target
  let checks = 0

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 5 })
  })
  afterEach(async () => {
    target.proxy.clearToxics()
    await target.admin.query('truncate notes')
  })
  afterAll(() => target.close())

  /** Counts, from now on, how often the roles of a session are asked for. */
  const count = () => {
    checks = 0
    target.proxy.resetCounts()
    target.proxy.onMessage(({ direction, type, bytes }) => {
      if (direction === 'client' && type === 'P' && bytes.includes('loginRole')) checks += 1
    })
  }
  const connect = (options: Partial<LeaseholdOptions> = {}) =>
    createLeasehold({ primary: target.poolOptions({ max: 5 }), ...options })
  const read = (db: Leasehold) => db.tenant(TENANT_A, { readOnly: true }).query('select 1')
  const versionNumber = async () => {
    const { rows } = await target.admin.query("select current_setting('server_version_num')::int as n")
    return Number(rows[0]?.n)
  }
  const notes = async () => (await target.admin.query('select from notes')).rows.length

  /** Round trips of the first read, and of the next two, once the connection itself is known. */
  const costs = async (db: Leasehold) => {
    const taken: number[] = []
    for (let call = 0; call < 3; call += 1) {
      target.proxy.resetCounts()
      await read(db)
      taken.push(target.proxy.counts.roundTrips)
    }
    return taken
  }

  it('costs the first use one round trip, and nothing from then on', async () => {
    await using unchecked = connect({ verifyOnStart: false })
    await using checked = connect()
    // Without the check the first use of a connection is one round trip more than the others, by which it gets to be known.
    expect(await costs(unchecked)).toEqual([2, 1, 1])
    expect(await costs(checked)).toEqual([3, 1, 1])
  })

  it('is made once for the pool, however many come first, and not again for further connections', async () => {
    await using db = connect()
    count()
    await Promise.all(Array.from({ length: 40 }, () => read(db)))
    expect(db.pool().total).toBeGreaterThan(1)
    expect(checks).toBe(1)
  })

  it('is made once for a pool that two use, and anew where something else is asked', async () => {
    const primary = target.pool({ max: 2 })
    count()
    for (const db of [createLeasehold({ primary }), createLeasehold({ primary })]) await read(db)
    expect(checks).toBe(1)
    await read(createLeasehold({ primary, tenant: { column: 'other' } }))
    expect(checks).toBe(2)
  })

  it('is made for a bare pool too, unless it is handed over with the check turned off', async () => {
    const pool = target.pool({ max: 1 })
    count()
    for (let call = 0; call < 3; call += 1) await withTenant(pool, TENANT_A, (tx) => tx.query('select 1'))
    // One for the check, one for the connection, two for each transaction of one statement.
    expect([checks, target.proxy.counts.roundTrips]).toEqual([1, 8])
    const db = createLeasehold({ primary: target.pool({ max: 1 }), verifyOnStart: false })
    await withTenant(db, TENANT_A, (tx) => tx.query('select 1'))
    expect(checks).toBe(1)
  })

  it('lets no work reach the server when it refuses, and keeps the connection', async () => {
    await using roles = new Roles(target)
    const { rows } = await target.admin.query<{ member: boolean }>(
      "select pg_has_role('app', 'visitor', 'MEMBER') as member",
    )
    expect(rows).toEqual([{ member: true }])
    await using db = connect({ primary: target.poolOptions({ max: 1 }) })
    await roles.run(`alter table notes owner to visitor`)
    try {
      count()
      for (let call = 1; call <= 2; call += 1) {
        const refused = db.tenant(TENANT_A).query(INSERT)
        await expect(refused).rejects.toMatchObject({ code: 'LSH_ERR_RLS_NOT_ENFORCED' })
        expect(checks).toBe(call)
      }
      expect(target.proxy.counts.roundTrips).toBe(2)
      expect(db.pool()).toMatchObject({ total: 1, idle: 1, inUse: 0, waiting: 0 })
      await expect(db.health()).resolves.toMatchObject({
        ok: false,
        primary: { code: 'LSH_ERR_RLS_NOT_ENFORCED' },
      })
      expect(await notes()).toBe(0)
    } finally {
      await roles.run('alter table notes owner to postgres')
    }
    await db.tenant(TENANT_A).query(INSERT)
    expect(await notes()).toBe(1)
  })

  it('warns once of a server that lacks fixes of row security, and names them, or refuses it', async () => {
    const { rows } = await target.admin.query('show server_version')
    const warnings = channelMessages('leasehold:warning')
    // The newest server that npm has is below the newest fixes; of one that is not there would be nothing to say.
    const version = String(rows[0]?.server_version)
    const holes = serverHoles({ version, versionNumber: await versionNumber() }, new Date())
    const primary = target.pool({ max: 2 })
    for (let call = 0; call < 3; call += 1) await read(createLeasehold({ primary }))
    const cves = holes?.cves ?? []
    expect(warnings.take()).toEqual(
      holes ? [{ warning: 'server-version', detail: expect.stringContaining(version), cves }] : [],
    )
    await using strict = connect({ minServerPatch: 'refuse' })
    const outcome = await read(strict).catch((error: unknown) => error)
    if (holes) {
      expect(outcome).toBeInstanceOf(RlsNotEnforcedError)
      for (const cve of cves) expect((outcome as Error).message).toContain(cve)
      expect(outcome).toMatchObject({
        causes: [{ fix: expect.stringMatching(/Update the server to \d+\.\d+/) }],
      })
    }
    expect(warnings.take()).toEqual([])
  })

  it('is tried again on another connection when its own is lost', async () => {
    await using db = connect()
    count()
    const cut = target.proxy.cutAt({ direction: 'client', type: 'P', message: 0, when: 'after' })
    await read(db)
    await cut
    expect(checks).toBe(2)
  })

  it('gives up in time when nothing answers it, leaves no connection behind, and is made by the next', async () => {
    await using db = connect({ acquireTimeoutMs: 200 })
    const cut = target.proxy.cutAt({
      direction: 'client',
      type: 'P',
      message: 0,
      when: 'before',
      how: 'black-hole',
    })
    const startedAt = performance.now()
    await expect(read(db)).rejects.toMatchObject({ code: 'LSH_ERR_ACQUIRE_TIMEOUT' })
    expect(performance.now() - startedAt).toBeLessThan(400)
    await cut
    await expect.poll(() => db.pool(), { timeout: 1_000 }).toMatchObject({ total: 0, inUse: 0 })
    count()
    await read(db)
    expect(checks).toBe(1)
  })
})

describe('the pool of work across tenants', () => {
  let target: Target
  let app: pg.Pool

  beforeAll(async () => {
    target = await openTarget('direct', { poolSize: 4 })
    app = target.pool({ max: 1 })
  })
  afterAll(() => target.close())

  const reason = 'INC-1'

  it('may bypass policies, and be a superuser', async () => {
    await using roles = new Roles(target)
    for (const user of [await roles.create('login bypassrls'), await roles.create('login superuser')]) {
      const db = createLeasehold({ primary: app, system: target.poolOptions({ user, max: 1 }) })
      await db.tenant(TENANT_A).query('select 1')
      await db.system({ reason }, (tx) => tx.query('select 1'))
      await db.close()
    }
  })

  it.each(['application', 'system'])(
    'is refused with the role of the application, where the %s comes first',
    async (first) => {
      await using db = createLeasehold({ primary: app, system: target.poolOptions({ max: 1 }) })
      const works = {
        application: () => db.tenant(TENANT_A).query('select 1'),
        system: () => db.system({ reason }, (tx) => tx.query('select 1')),
      }
      const [earlier, later] =
        first === 'system' ? [works.system, works.application] : [works.application, works.system]
      await earlier()
      for (let call = 0; call < 2; call += 1) {
        await expect(later()).rejects.toMatchObject({
          code: 'LSH_ERR_RLS_NOT_ENFORCED',
          causes: [
            { cause: expect.stringContaining('log in as the same role, "app"'), fix: expect.any(String) },
          ],
        })
      }
    },
  )

  it('is not looked at where the check is turned off', async () => {
    const system = target.poolOptions({ max: 1 })
    await using db = createLeasehold({ primary: app, system, verifyOnStart: false })
    await db.tenant(TENANT_A).query('select 1')
    await db.system({ reason }, (tx) => tx.query('select 1'))
  })
})
