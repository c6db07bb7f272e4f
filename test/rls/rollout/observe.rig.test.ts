import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { afterAll, beforeEach, expect, it } from 'vitest'
import type { WithoutTenant } from '../../../src/rls/rollout/observe.ts'
import { type RolloutRun, runRollout } from '../../../src/rls/rollout/run-rollout.ts'
import { OPTIONS, ScratchDatabase } from '../policy/support/scratch-database.ts'

const TENANT = 'aaaaaaaa-0000-4000-8000-00000000000a'
/** As long as the work takes on a busy machine, and longer. */
const OBSERVE_MS = 2_000

let resources = new AsyncDisposableStack()
let database: ScratchDatabase
let app: Client
beforeEach(async () => {
  await resources.disposeAsync()
  resources = new AsyncDisposableStack()
  database = await ScratchDatabase.open(resources)
  app = await database.connect('app')
  await database.admin.query(`
    create table notes (tenant_id uuid, id int primary key, body text);
    create policy older on notes using (tenant_id = current_setting('app.tenant_id')::uuid);
    insert into notes values ('${TENANT}', 1, 'one'), (gen_random_uuid(), 2, 'another tenant’s');
    grant select, insert, update, delete on notes to app`)
})
afterAll(() => resources.disposeAsync())

const rollOut = async (run: RolloutRun = {}) => runRollout(await database.connect('postgres'), OPTIONS, run)

/** Works while the rollout observes, and says what became of the rollout and whom it heard of. */
async function whileObserved(work: () => Promise<unknown>) {
  const heard: WithoutTenant[] = []
  let working: Promise<unknown> = Promise.resolve()
  const ended = await rollOut({
    observeMs: OBSERVE_MS,
    onWithoutTenant: (who) => heard.push(who),
    onEvent: ({ type, step }) => {
      // Once it listens, which it does from the beginning of the step on.
      if (type === 'begin' && step.kind === 'pause') working = sleep(OBSERVE_MS / 4).then(work)
    },
  }).catch((error: unknown) => error)
  await working
  return { ended, heard }
}

async function asTenant(text: string): Promise<unknown[]> {
  await app.query('begin')
  await app.query("select set_config('app.tenant_id', $1, true)", [TENANT])
  const { rows } = await app.query(text)
  await app.query('commit')
  return rows
}

it('An application that sets the tenant is not heard of, and the rollout goes on', async () => {
  const { ended, heard } = await whileObserved(async () => {
    // Nothing is hidden yet.
    expect(await asTenant('select id from notes order by id')).toEqual([{ id: 1 }, { id: 2 }])
    await asTenant(`insert into notes values ('${TENANT}', 3, 'three')`)
  })
  expect(heard).toEqual([])
  expect(ended).toMatchObject({ left: [] })
  expect(await asTenant('select id from notes order by id')).toEqual([{ id: 1 }, { id: 3 }])
  expect(await database.generate()).toEqual([])
})

it('One that does not is named, once, and goes on as before until somebody decides', async () => {
  const work = async () => {
    await app.query("set application_name = 'nightly job'")
    for (let n = 0; n < 5; n++) expect((await app.query('select from notes')).rowCount).toBe(2)
    // The setting is '' after a transaction that had it.
    await asTenant('select from notes')
    await app.query('update notes set body = body')
    await app.query('begin read only; select from notes; commit')
  }
  const { ended, heard } = await whileObserved(work)
  const who = { table: 'public.notes', user: 'app', application: 'nightly job', address: '127.0.0.1' }
  expect(heard).toEqual([who])
  expect(ended).toMatchObject({
    reason: 'without-tenant',
    message: expect.stringContaining('"nightly job" as app'),
  })
  await work()

  // Observing again hears of it again; without observing, the policies hold.
  expect((await whileObserved(work)).ended).toMatchObject({ reason: 'without-tenant' })
  expect(await rollOut()).toMatchObject({ left: [] })
  expect((await app.query('select from notes')).rowCount).toBe(0)
  expect(await database.generate()).toEqual([])
})

it('What is generated in the middle of it ends it', async () => {
  await rollOut({ observeMs: 0, through: 'observe' })
  expect((await app.query('select from notes')).rowCount).toBe(2)
  await database.apply(await database.generate())
  expect(await database.generate()).toEqual([])
  expect((await app.query('select from notes')).rowCount).toBe(0)
})
