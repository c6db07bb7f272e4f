import pg from 'pg'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { SchemaRefusedError } from '../../../src/rls/policy/schema-refused-error.ts'
import { RolloutError } from '../../../src/rls/rollout/rollout-error.ts'
import { type RolloutRun, runRollout } from '../../../src/rls/rollout/run-rollout.ts'
import { openTarget, type TargetName } from '../../support/target.ts'
import { createHostileSchema, dropHostileRole, HOSTILE_OPTIONS } from '../policy/support/hostile-names.ts'
import { schemaFacts } from '../policy/support/schema-facts.ts'
import { OPTIONS, ScratchDatabase } from '../policy/support/scratch-database.ts'

const [MINE, OTHERS] = ['aaaaaaaa-0000-4000-8000-00000000000a', 'bbbbbbbb-0000-4000-8000-00000000000b']
const TABLES = `
create table p (tenant_id uuid, id int primary key);
create table c (tenant_id uuid, id int primary key, p int not null references p);
grant select, insert, update, delete on p, c to app;
insert into p values ('${MINE}', 1), ('${OTHERS}', 2);
insert into c values ('${MINE}', 1, 1);`

let resources = new AsyncDisposableStack()
let database: ScratchDatabase
beforeEach(async () => {
  await resources.disposeAsync()
  resources = new AsyncDisposableStack()
  database = await ScratchDatabase.open(resources)
})
afterAll(() => resources.disposeAsync())

const rollOut = async (run: RolloutRun = {}, options = {}) =>
  runRollout(await database.connect('postgres'), { ...OPTIONS, ...options }, run)

/** What a rollout is refused with; nothing may have changed. */
async function refusal(run: RolloutRun = {}): Promise<unknown> {
  const before = await schemaFacts(database.admin)
  const error = await rollOut(run).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(await schemaFacts(database.admin)).toEqual(before)
  return error
}

describe('A rollout', () => {
  it('ends where the generator’s statements end, whatever names there are', async () => {
    await createHostileSchema(database.admin)
    resources.defer(() => dropHostileRole(database.admin))
    const other = await ScratchDatabase.open(resources)
    await createHostileSchema(other.admin, { withRole: false })
    resources.defer(() => dropHostileRole(other.admin, { withRole: false }))
    const { left } = await rollOut({}, HOSTILE_OPTIONS)
    await other.apply(await other.generate(HOSTILE_OPTIONS))
    expect(left).toEqual([])
    expect(await schemaFacts(database.admin)).toEqual(await schemaFacts(other.admin))
  })

  it('leaves an application alone in its first phase, which may be all for a day', async () => {
    await database.admin.query(TABLES)
    const { done, left } = await rollOut({ through: 'prepare' })
    expect(new Set(done.map(({ step }) => step.phase))).toEqual(new Set(['prepare']))
    expect(new Set(left.map(({ phase }) => phase))).toEqual(new Set(['enforce', 'finish']))
    const app = await database.connect('app')
    // Without a context, with a tenant that is named, and by the key that all tenants share.
    expect((await app.query('select from p')).rowCount).toBe(2)
    await app.query(`insert into p values ('${OTHERS}', 3) on conflict (id) do nothing`)
    await app.query('update p set tenant_id = tenant_id')
    // What names no tenant at all is told.
    await expect(app.query('insert into p (id) values (4)')).rejects.toMatchObject({ code: '23502' })
    await expect(app.query(`insert into c values ('${OTHERS}', 4, 1)`)).rejects.toMatchObject({
      code: '23503',
    })

    expect((await rollOut({ through: 'enforce' })).left.map(({ phase }) => phase)).not.toContain('enforce')
    expect((await app.query('select from p')).rowCount).toBe(0)
    expect((await rollOut()).left).toEqual([])
    expect((await rollOut()).done).toEqual([])
  })

  it('takes from the session what it has set, and sets nothing else', async () => {
    await database.admin.query(TABLES)
    const operator = await database.connect('postgres')
    const settings = "select name, setting from pg_settings where source = 'session' order by name"
    const { rows: before } = await operator.query(settings)
    await runRollout(operator, OPTIONS)
    expect((await operator.query(settings)).rows).toEqual(before)
    expect(
      (
        await operator.query('select from pg_locks where pid = pg_backend_pid() and locktype = $1', [
          'advisory',
        ])
      ).rowCount,
    ).toBe(0)
  })

  it('says who is in the way when it gives up, and has made nobody wait for long', async () => {
    await database.admin.query(TABLES)
    const idler = await database.connect('app')
    await idler.query("set application_name = 'nightly report'")
    await idler.query('begin')
    await idler.query('select from p')
    const attempts: number[] = []
    const error = await rollOut({
      limits: { giveUpAfterMs: 300 },
      random: () => 0,
      onEvent: (event) => {
        if (event.type === 'retry') attempts.push(event.againInMs)
      },
    }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RolloutError)
    expect(error).toMatchObject({ reason: 'blocked', message: expect.stringContaining('nightly report') })
    expect(String(error)).toContain('idle in transaction')
    expect(attempts).toEqual([50, 100, 200].slice(0, attempts.length))
    await idler.query('commit')
    expect((await rollOut()).left).toEqual([])
  })

  it('undoes a step that holds its locks for too long, before anybody has waited for long', async () => {
    await database.admin.query(`${TABLES}
      create function slow() returns event_trigger language plpgsql as $$ begin perform pg_sleep(0.4); end $$;
      create event trigger slow on ddl_command_start when tag in ('ALTER TABLE') execute function slow()`)
    const app = await database.connect('app')
    const codes = new Set<string>()
    let slowestMs = 0
    const stop = new AbortController()
    const reading = (async () => {
      while (!stop.signal.aborted) {
        const begun = performance.now()
        await app.query('select from p, c')
        slowestMs = Math.max(slowestMs, performance.now() - begun)
      }
    })()
    const run = rollOut({
      limits: { giveUpAfterMs: 500 },
      onEvent: (event) => {
        if (event.type === 'retry') codes.add(event.code)
      },
    })
    await expect(run).rejects.toMatchObject({ reason: 'blocked' })
    stop.abort()
    await reading
    expect([...codes]).toEqual(['57014'])
    expect(slowestMs).toBeLessThan(300)
  })

  it('leaves no half an index behind where it could not build one', async () => {
    await database.admin.query(`${TABLES} create table elsewhere (); grant select on elsewhere to app`)
    const reader = await database.connect('app')
    await reader.query('begin isolation level repeatable read')
    await reader.query('select from elsewhere')
    const options = { tables: ['public.p', 'public.c'] }
    const run = rollOut({ limits: { longTimeoutMs: 200, giveUpAfterMs: 500 } }, options)
    await expect(run).rejects.toMatchObject({ reason: 'blocked', step: { kind: 'long' } })
    expect((await schemaFacts(database.admin)).filter((fact) => /^index .*tenant_id/.test(fact))).toEqual([])
    await reader.query('commit')
    expect((await rollOut({}, options)).left).toEqual([])
  })

  it('stops when it is told to, and goes on later', async () => {
    await database.admin.query(TABLES)
    const stop = new AbortController()
    const run = rollOut({
      signal: stop.signal,
      onEvent: ({ type }) => {
        if (type === 'done') stop.abort()
      },
    })
    await expect(run).rejects.toMatchObject({ reason: 'stopped' })
    const { done, left } = await rollOut()
    expect(left).toEqual([])
    expect(done.length).toBeGreaterThan(5)
  })

  it('is alone in a database', async () => {
    await database.admin.query(TABLES)
    const begun = Promise.withResolvers<void>()
    const idler = await database.connect('app')
    await idler.query('begin; select from p')
    const first = rollOut({ onEvent: () => begun.resolve() })
    await begun.promise
    await expect(rollOut()).rejects.toMatchObject({ reason: 'busy', retryable: true })
    await idler.query('commit')
    expect((await first).left).toEqual([])
  })
})

describe('Refused, with what to do, is a rollout', () => {
  it.each(['pgbouncer 1.18', 'pgbouncer 1.24'] as const)('through %s', async (name: TargetName) => {
    await using target = await openTarget(name, { template: 'empty', poolSize: 2 })
    const client = new pg.Client(target.poolOptions({ user: 'postgres' }) as pg.ClientConfig)
    await client.connect()
    try {
      await target.admin.query('create table t (tenant_id uuid)')
      await expect(runRollout(client, OPTIONS)).rejects.toMatchObject({
        reason: 'pooler',
        message: expect.stringMatching(/^The connection leads to a pooler/),
      })
    } finally {
      await client.end()
    }
  })

  it('of tables whose rows have no tenant', async () => {
    await database.admin.query(`${TABLES} insert into p (id) values (7)`)
    const error = await refusal()
    expect(error).toBeInstanceOf(SchemaRefusedError)
    expect(String(error)).toContain('public.p: There are rows whose tenant_id is NULL. Fill it')
  })

  it('of tables without the column', async () => {
    await database.admin.query('create table t (id int)')
    expect(await refusal()).toBeInstanceOf(SchemaRefusedError)
  })

  it('of what PostgreSQL cannot do beside readers and writers', async () => {
    await database.admin.query(`create extension btree_gist;
      create table t (tenant_id uuid, during tsrange, exclude using gist (during with &&));
      create table logs (tenant_id uuid, id int primary key) partition by range (id);
      create table notes (tenant_id uuid, id int primary key, log int references logs)`)
    const error = await refusal()
    expect(error).toBeInstanceOf(SchemaRefusedError)
    expect((error as SchemaRefusedError).problems.map(({ object }) => object)).toEqual([
      'public.t',
      'public.notes',
    ])
    expect(String(error)).toContain('leasehold rls generate')
  })

  it('at rows that refer to another tenant’s, when nothing that counts has changed', async () => {
    await database.admin.query(`${TABLES} insert into c values ('${OTHERS}', 2, 1)`)
    const error = await rollOut().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ reason: 'refused', message: expect.stringContaining('23503') })
    expect(String(error)).not.toContain(OTHERS)
    expect(
      (await schemaFacts(database.admin)).filter((fact) => /^relation r .* row security t/.test(fact)),
    ).toEqual([])
    await database.admin.query('delete from c where id = 2')
    expect((await rollOut()).left).toEqual([])
  })

  it('of rows that older policies hide from the owner, and of what is not the owner’s to take', async () => {
    const { admin } = database
    await admin.query(`do $$ begin create role clinic_owner nologin; exception when duplicate_object then null; end $$;
      create schema clinic authorization clinic_owner; grant usage on schema clinic to app;
      set role clinic_owner; create table clinic.t (tenant_id uuid, id int primary key); insert into clinic.t (id) values (1);
      alter table clinic.t enable row level security; alter table clinic.t force row level security;
      create policy old on clinic.t using (tenant_id = current_setting('app.tenant_id')::uuid); reset role`)
    const owner = await database.connect('postgres')
    await owner.query('set role clinic_owner')
    const options = { ...OPTIONS, schemas: ['clinic'] }
    await expect(runRollout(owner, options)).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(/23514.*There are rows without a tenant/s),
    })
    await admin.query(`update clinic.t set tenant_id = '${MINE}'`)
    // PostgreSQL only warns who takes away what is not theirs to take.
    expect((await runRollout(owner, options)).left.map(({ object }) => object)).toEqual([database.name])
    expect((await runRollout(await database.connect('postgres'), options)).left).toEqual([])
  })

  it('by somebody who does not own the tables', async () => {
    await database.admin.query(TABLES)
    const stranger = await database.connect('app')
    await expect(runRollout(stranger, OPTIONS)).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('as the owner of the tables'),
    })
  })
})

describe('A server that no longer answers', () => {
  it('ends a rollout in bounded time', { timeout: 40_000 }, async () => {
    await using target = await openTarget('direct', { template: 'empty', poolSize: 2 })
    await target.admin.query('create table t (tenant_id uuid)')
    const client = new pg.Client(target.poolOptions({ user: 'postgres' }) as pg.ClientConfig)
    client.on('error', () => {})
    await client.connect()
    const begun = performance.now()
    const run = runRollout(client, OPTIONS, {
      onEvent: ({ type }) => {
        if (type === 'begin') target.proxy.blackHole(true)
      },
    })
    await expect(run).rejects.toMatchObject({ reason: 'lost' })
    expect(performance.now() - begun).toBeLessThan(15_000)
    target.proxy.clearToxics()
    ;(client as pg.Client & { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  })
})
