import type { Client } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { planAdopt } from '../../../src/partitioning/adopt/plan-adopt.ts'
import { planConvert } from '../../../src/partitioning/convert/plan-convert.ts'
import { planUnconvert } from '../../../src/partitioning/convert/plan-unconvert.ts'
import type { PartitionPlan } from '../../../src/partitioning/plan/step.ts'
import { ScratchDatabase } from '../../rls/policy/support/scratch-database.ts'
import { createBusyTable, setOf } from './support/event-table.ts'
import { prepareSession, runSteps } from './support/run-steps.ts'
import { tableFacts } from './support/table-facts.ts'

const SET = setOf('events')
const ROWS = 2_000

const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())

const VERBS: Readonly<Record<string, (client: Client) => Promise<PartitionPlan>>> = {
  convert: (client) => planConvert(client, SET, 'events', { acceptKey: true }),
  unconvert: (client) => planUnconvert(client, SET, 'events'),
  adopt: (client) => planAdopt(client, SET, 'events'),
}

/** Statement by statement, so that each of them is a place to be killed at. */
function statementsOf(plan: PartitionPlan): readonly string[] {
  return plan.steps.flatMap(({ kind, statements }) =>
    kind === 'transaction' ? ['begin', ...statements, 'commit'] : statements,
  )
}

/** A database in which the verb has something to do. */
async function prepared(verb: string): Promise<ScratchDatabase> {
  const database = await ScratchDatabase.open(resources)
  await createBusyTable(database.admin, ROWS)
  if (verb === 'unconvert') {
    const operator = await database.connect('postgres')
    await runSteps(operator, await planConvert(operator, SET, 'events', { acceptKey: true }))
  }
  if (verb === 'adopt') {
    await database.admin.query(`
      alter table events rename to events_default; alter table events_default drop constraint events_pkey;
      create table events (like events_default including all excluding indexes excluding identity) partition by range (created_at);
      create index on events (tenant_id, created_at);
      alter table events_default alter id drop identity;
      alter table events attach partition events_default default;
      create table events_1999_01 partition of events for values from ('1999-01-01 00:00:00+00') to ('1999-02-01 00:00:00+00');
      insert into events (tenant_id, id, kind, payload, created_at) values (gen_random_uuid(), 1, 'stray', 'x', '1998-05-05 00:00:00+00')`)
  }
  return database
}

async function rowsOf(admin: Client): Promise<unknown> {
  const { rows } = await admin.query(
    'select count(*)::int as n, md5(string_agg(id || kind || created_at, $1 order by id, created_at)) as digest from events',
    [','],
  )
  return rows[0]
}

/** Runs a plan until one of its statements, in the middle of which the backend is terminated. */
async function runKilledAt(database: ScratchDatabase, plan: PartitionPlan, at: number): Promise<void> {
  const operator = await database.connect('postgres')
  await prepareSession(operator)
  const { processID } = operator as Client & { processID: number }
  for (const [n, statement] of statementsOf(plan).entries()) {
    const answer = operator.query(statement)
    if (n === at) {
      answer.catch(() => {})
      await database.admin.query('select pg_terminate_backend($1, 5000)', [processID])
      await answer.catch(() => {})
      return
    }
    await answer
  }
}

describe.each(Object.entries(VERBS))('%s, killed', (verb, plan) => {
  it('at any of its statements, is taken up again and comes to the same end', {
    timeout: 120_000,
  }, async () => {
    const whole = await prepared(verb)
    const operator = await whole.connect('postgres')
    const wholePlan = await plan(operator)
    await runSteps(operator, wholePlan)
    const wanted = await tableFacts(whole.admin, 'public.events')
    const statements = statementsOf(wholePlan)
    const boundaries = statements.flatMap((text, n) =>
      // Within a transaction all places are alike: the first, one in the middle, and the last.
      text === 'begin' || text === 'commit' || n % 9 === 0 || /concurrently|validate/.test(text) ? [n] : [],
    )
    expect(boundaries.length).toBeGreaterThan(4)
    for (const at of boundaries) {
      const database = await prepared(verb)
      const before = await rowsOf(database.admin)
      const client = await database.connect('postgres')
      await runKilledAt(database, await plan(client), at)
      expect(await rowsOf(database.admin), statements[at]).toEqual(before)
      // A commit that was killed may have been done.
      const again = await plan(client)
      await runSteps(client, again)
      expect(await rowsOf(database.admin), statements[at]).toEqual(before)
      expect(await tableFacts(database.admin, 'public.events'), statements[at]).toEqual(wanted)
      await database.admin.end()
    }
  })
})

it('What a killed build of an index leaves is dropped and built again', async () => {
  const database = await prepared('convert')
  const client = await database.connect('postgres')
  const first = await planConvert(client, SET, 'events', { acceptKey: true })
  const build = first.steps.find(({ id }) => id.endsWith('/index'))?.statements[0] ?? ''
  const blocker = await database.connect('postgres')
  await blocker.query(
    'begin; select from events limit 1; insert into events (tenant_id, kind, payload) select gen_random_uuid(), $$new$$, $$y$$',
  )
  await client.query("set lock_timeout = '200ms'")
  await expect(client.query(build)).rejects.toMatchObject({ code: '55P03' })
  await blocker.query('rollback')
  const again = await planConvert(client, SET, 'events', { acceptKey: true })
  expect(again.steps.map(({ id }) => id.split('/').at(-1))).toContain('drop-index')
  await runSteps(client, again)
  const { rows } = await database.admin.query('select indisvalid from pg_index where not indisvalid')
  expect(rows).toEqual([])
})

it('A conversion that is given up leaves nothing behind', async () => {
  const database = await prepared('convert')
  const before = await tableFacts(database.admin, 'public.events')
  const client = await database.connect('postgres')
  const { steps } = await planConvert(client, SET, 'events', { acceptKey: true })
  await runSteps(client, { steps: steps.slice(0, -2), refusals: [] })
  const undo = await planUnconvert(client, SET, 'events')
  expect(undo.steps.map(({ id }) => id.split('/').at(-1))).toEqual(['check', 'drop-index'])
  await runSteps(client, undo)
  expect(await tableFacts(database.admin, 'public.events')).toEqual(before)
})
