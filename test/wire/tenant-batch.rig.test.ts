import type pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CommitUnknownError, createLeasehold, type Leasehold, PoisonedBackendError } from '../../src/index.ts'
import { channelMessages } from '../support/channel-messages.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

const COUNT = 'select count(*)::int as n from notes'
const INSERT = 'insert into notes (body) values ($1)'

describe.each(TARGETS)('a tenant batch, %s', (name) => {
  let target: Target
  let pool: pg.Pool
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 1 })
    pool = target.pool({ max: 2 })
    db = createLeasehold({ primary: pool, settings: ['app.user_id'] })
  })

  afterEach(async () => {
    target.proxy.clearToxics()
    await target.admin.query('truncate notes, shared_log, parents, children')
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const entries = async () => {
    const { rows } = await target.admin.query<{ entry: string }>('select entry from shared_log')
    return rows.map((row) => row.entry)
  }
  const notes = async () => (await target.admin.query('select body from notes')).rows.length

  it("sees and writes the tenant's rows only", async () => {
    await db.tenant(TENANT_A).query(INSERT, ['mine'])
    await db.tenant(TENANT_B).query(INSERT, ['theirs'])
    const { rows } = await db.tenant(TENANT_A).query('select body, tenant_id from notes')
    expect(rows).toEqual([{ body: 'mine', tenant_id: TENANT_A }])
  })

  it('costs one round trip for a statement, and one for a batch', async () => {
    await db.tenant(TENANT_A).query(COUNT)
    target.proxy.resetCounts()
    await db.tenant(TENANT_A).query(COUNT)
    expect(target.proxy.counts.roundTrips).toBe(1)
    await db.tenant(TENANT_A).batch([INSERT.replace('$1', "'x'"), COUNT, 'select 1'])
    expect(target.proxy.counts.roundTrips).toBe(2)
  })

  it('leaves no setting of the tenant behind on the server connection', async () => {
    await db.tenant(TENANT_A, { settings: { 'app.user_id': 'u1' } }).query('select 1')
    const client = await target.connect()
    const { rows } = await client.query(
      `select coalesce(current_setting('app.tenant_id', true), '') as tenant,
              coalesce(current_setting('app.user_id', true), '') as "user", current_setting('statement_timeout') as timeout`,
    )
    expect(rows).toEqual([{ tenant: '', user: '', timeout: '0' }])
  })

  it('sets the declared settings for the policies, and empties those that are not given', async () => {
    const read = `select current_setting('app.user_id') as "user"`
    const given = await db.tenant(TENANT_A, { settings: { 'app.user_id': 'u1' } }).query(read)
    expect(given.rows).toEqual([{ user: 'u1' }])
    expect((await db.tenant(TENANT_A).query(read)).rows).toEqual([{ user: '' }])
  })

  it('commits all statements of a batch, or none', async () => {
    const failing = db.tenant(TENANT_A).batch([{ text: INSERT, values: ['x'] }, 'select 1/0'])
    await expect(failing).rejects.toMatchObject({ code: '22012' })
    expect(await notes()).toBe(0)
  })

  it('runs one statement a text, so that nothing can be smuggled behind a semicolon', async () => {
    const smuggled = db.tenant(TENANT_A).query(`select 1; insert into shared_log values ('smuggled')`)
    await expect(smuggled).rejects.toMatchObject({ code: '42601' })
    expect(await entries()).toEqual([])
  })

  it('settles only once a deferred constraint has been checked, which is after the command has completed', async () => {
    const orphan = db.tenant(TENANT_A).query('insert into children values (5)')
    await expect(orphan).rejects.toMatchObject({ code: '23503' })
  })

  it('gives its connection back however it ends', async () => {
    const impatient = createLeasehold({ primary: pool, acquireTimeoutMs: 300 })
    const handle = impatient.tenant(TENANT_A)
    const failing = ['select 1/0', 'selects', 'insert into children values (5)', 'call committing()']
    for (const text of failing) await expect(handle.query(text)).rejects.toThrow()
    await expect(impatient.tenant(TENANT_A, { readOnly: true }).query(INSERT, ['x'])).rejects.toThrow()
    await handle.query('select 1')
    expect(target.leasesOut()).toBe(0)
  })

  it('counts an empty text as a statement', async () => {
    const [empty, one] = await db.tenant(TENANT_A).batch(['-- nothing', 'select 1 as one'])
    expect(empty?.rows).toEqual([])
    expect(one?.rows).toEqual([{ one: 1 }])
  })

  it('has the server refuse every write when it is read only', async () => {
    const write = db.tenant(TENANT_A, { readOnly: true }).query(INSERT, ['x'])
    await expect(write).rejects.toMatchObject({ code: '25006' })
  })

  it('has the server stop a statement before the deadline, and keeps the connection', async () => {
    await db.tenant(TENANT_A).query('select 1')
    const connections = target.proxy.counts.connections
    const slow = db.tenant(TENANT_A, { timeoutMs: 400 }).query('select pg_sleep(5)')
    await expect(slow).rejects.toMatchObject({ code: '57014' })
    await db.tenant(TENANT_A).query('select 1')
    expect(target.proxy.counts.connections).toBe(connections)
  })

  it('refuses to let a procedure commit, since that would end the tenant context', async () => {
    await expect(db.tenant(TENANT_A).query('call committing()')).rejects.toMatchObject({ code: '2D000' })
    await expect(db.tenant(TENANT_A).query('do $$ begin commit; end $$')).rejects.toMatchObject({
      code: '2D000',
    })
    expect(await entries()).toEqual([])
    expect((await db.tenant(TENANT_A).query(COUNT)).rows).toEqual([{ n: 0 }])
  })

  it('runs a procedure that does not commit, in one round trip', async () => {
    await db.tenant(TENANT_A).query('select 1')
    target.proxy.resetCounts()
    await db.tenant(TENANT_A).query('call polite()')
    expect(target.proxy.counts.roundTrips).toBe(1)
    expect(await entries()).toEqual(['polite'])
  })

  it('sends CALL in an explicit transaction, since PostgreSQL before 18 lets it commit in the implicit one', async () => {
    const texts: string[] = []
    const stop = target.proxy.onMessage(({ direction, type, bytes }) => {
      if (direction === 'client' && type === 'P') texts.push(bytes.toString('latin1'))
    })
    await db.tenant(TENANT_A).query('call polite()')
    stop()
    expect(texts[0]).toContain('\0begin\0')
    expect(texts.at(-1)).toContain('\0commit\0')
  })

  it.each<['tenant' | 'session', string]>([
    ['tenant', `select set_config('app.tenant_id', '${TENANT_B}', false)`],
    ['session', 'set search_path to elsewhere, public'],
    ['session', 'set row_security to off'],
    ['session', 'set role visitor'],
  ])('runs nothing on a backend with a poisoned %s: %s', async (poison, sql) => {
    const alarms = channelMessages('leasehold:alarm')
    const pid = await target.poison(pool, sql)
    const call = db.tenant(TENANT_A).query(`insert into public.shared_log values ('on a poisoned backend')`)
    await expect(call).rejects.toThrow(PoisonedBackendError)
    await expect(call).rejects.toMatchObject({ poison, retryable: true })
    expect(alarms.take()).toEqual([{ alarm: 'poisoned-backend', detail: poison }])
    expect(await entries()).toEqual([])
    await expect.poll(() => target.backendIsAlive(pid), { timeout: 5_000 }).toBe(false)
    expect((await db.tenant(TENANT_A).query(COUNT)).rows).toEqual([{ n: 0 }])
  })

  it('does not believe a poison report that a statement of the caller makes up', async () => {
    const forged = db.tenant(TENANT_A).query(`select ('leasehold:poisoned:1:1' || '')::tsquery`)
    await expect(forged).rejects.toMatchObject({ code: '42601' })
  })

  it('reports a write as unknown when its answer is lost, and the row is there', async () => {
    await db.tenant(TENANT_A).query('select 1')
    void target.proxy.cutAt({ direction: 'server', type: 'Z', message: 0, when: 'before', since: 'armed' })
    await expect(db.tenant(TENANT_A).query(INSERT, ['x'])).rejects.toThrow(CommitUnknownError)
    expect(await notes()).toBe(1)
  })

  it('sends a read again when its answer is lost', async () => {
    await db.tenant(TENANT_A).query('select 1')
    void target.proxy.cutAt({ direction: 'server', type: 'Z', message: 0, when: 'before', since: 'armed' })
    const { rows } = await db.tenant(TENANT_A, { readOnly: true }).query(COUNT)
    expect(rows).toEqual([{ n: 0 }])
  })

  it('settles at its deadline in a black hole, and destroys the connection', async () => {
    await db.tenant(TENANT_A).query('select 1')
    target.proxy.blackHole(true)
    const startedAt = performance.now()
    const read = db.tenant(TENANT_A, { readOnly: true, timeoutMs: 300 }).query('select 1')
    await expect(read).rejects.toMatchObject({ code: 'LSH_ERR_DEADLINE' })
    const write = db.tenant(TENANT_A, { timeoutMs: 300 }).query(INSERT, ['x'])
    await expect(write).rejects.toMatchObject({ code: expect.stringMatching(/DEADLINE|CONNECT|ACQUIRE/) })
    expect(performance.now() - startedAt).toBeLessThan(800)
    target.proxy.clearToxics()
    target.proxy.resetAll()
    expect((await db.tenant(TENANT_A).query(COUNT)).rows).toEqual([{ n: 0 }])
  })

  it('hands out no row of a reply that belongs to another request, and destroys the connection', async () => {
    const alarms = channelMessages('leasehold:alarm')
    await db.tenant(TENANT_B).query(INSERT, ['secret of B'])
    await Promise.all([1, 2].map(() => db.tenant(TENANT_A).query('select 1')))
    const swapped = target.swapNextReplies()
    const both = await Promise.allSettled([
      db.tenant(TENANT_A).query('select body from notes'),
      db.tenant(TENANT_B).query('select body from notes'),
    ])
    swapped.remove()
    expect(both).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ code: 'LSH_ERR_PROTOCOL_DESYNC' }) },
      { status: 'rejected', reason: expect.objectContaining({ code: 'LSH_ERR_PROTOCOL_DESYNC' }) },
    ])
    expect(alarms.take()).toHaveLength(2)
    expect((await db.tenant(TENANT_A).query(COUNT)).rows).toEqual([{ n: 0 }])
  })
})
