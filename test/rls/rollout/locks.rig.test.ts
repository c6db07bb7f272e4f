import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { describeSchema } from '../../../src/rls/policy/describe/describe-schema.ts'
import { planPolicy } from '../../../src/rls/policy/policy-plan.ts'
import { planRollout } from '../../../src/rls/rollout/plan-rollout.ts'
import type { RolloutStep } from '../../../src/rls/rollout/rollout-step.ts'
import { SERVERS, serverAddress } from '../policy/support/rig-servers.ts'
import { schemaFacts } from '../policy/support/schema-facts.ts'
import { OPTIONS, ScratchDatabase } from '../policy/support/scratch-database.ts'
import { heldLocks } from './support/held-locks.ts'

const EXAMPLES = `${import.meta.dirname}/../../../examples/schema`
const CLINIC = ['01-roles.sql', 'generated/plain.sql'].map((path) =>
  readFileSync(`${EXAMPLES}/${path}`, 'utf8'),
)
/** What the clinic lacks: indexes without constraints, partitions that lack one on the tenant, identities, older policies. */
const MORE = `
create table public.things (tenant_id uuid, id int not null, a int);
create unique index things_id on public.things (id); create unique index things_a on public.things (a);
alter table public.things replica identity using index things_id;
create table public.events (tenant_id uuid, at date, name text) partition by range (at);
create unique index events_at on public.events (at, name);
create table public.bare (tenant_id uuid, at date) partition by range (at);
create table public.bare_1 partition of public.bare for values from ('2026-01-01') to ('2026-07-01');
create table public.events_1 partition of public.events for values from ('2026-01-01') to ('2026-07-01');
create table public.events_2 partition of public.events for values from ('2026-07-01') to ('2027-01-01');
create policy old on public.things using (true);
create policy old on public.events_1 using (true);`
const WAIT_MS = 5_000

const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())

/** The locks of a step as a list to compare. */
const named = ({ locks }: RolloutStep) => locks.map(({ mode, table }) => `${mode} on ${table}`).sort()

async function planNow(database: ScratchDatabase, observe: boolean): Promise<readonly RolloutStep[]> {
  await database.admin.query('begin read only')
  try {
    return planRollout(planPolicy(await describeSchema(database.admin, OPTIONS), OPTIONS), { observe })
  } finally {
    await database.admin.query('rollback')
  }
}

/** Runs the statements of a step in one transaction, and says what it has locked at its end. */
async function inTransaction({ admin }: ScratchDatabase, step: RolloutStep): Promise<readonly string[]> {
  await admin.query('begin')
  for (const part of step.parts) await admin.query(part)
  const { rows } = await admin.query<{ pid: number }>('select pg_backend_pid() as pid')
  const held = await heldLocks(admin, rows[0]?.pid ?? 0)
  await admin.query('commit')
  return held
}

/** Holds up a statement that may not be in a transaction by a writer that does not end, and looks at its locks meanwhile. */
async function heldUp(database: ScratchDatabase, step: RolloutStep): Promise<readonly string[]> {
  const writer = await database.connect('postgres')
  const worker = await database.connect('postgres')
  const { rows } = await worker.query<{ pid: number }>('select pg_backend_pid() as pid')
  const pid = rows[0]?.pid ?? 0
  await writer.query('begin')
  await writer.query(`lock table ${step.locks[0]?.ident} in row exclusive mode`)
  const running = worker.query(step.parts.join('\n'))
  const deadline = performance.now() + WAIT_MS
  let held: readonly string[] = []
  for (;;) {
    const waiting = await database.admin.query(
      "select from pg_locks where pid = $1 and not granted and locktype = 'virtualxid'",
      [pid],
    )
    if (waiting.rows.length > 0) break
    if (performance.now() > deadline) throw new Error(`It waits for nobody: ${step.parts.join()}`)
    await sleep(5)
  }
  held = await heldLocks(database.admin, pid)
  await writer.query('commit')
  await running
  await Promise.all([writer.end(), worker.end()])
  return held
}

describe.each(SERVERS)('A rollout on PostgreSQL (%s)', (server) => {
  it.each(server === 'shared' ? [false, true] : [false])(
    '(observing: %s) takes the locks that it names, and ends where the generator’s statements end',
    async (observe) => {
      const address = await serverAddress(server, resources)
      const open = async () => {
        const database = await ScratchDatabase.open(resources, { address })
        for (const text of [...CLINIC, MORE]) await database.admin.query(text)
        return database
      }
      const database = await open()
      const steps = await planNow(database, observe)
      const seen = new Set<string>()
      for (const step of steps) {
        const isConcurrent = step.parts.some((part) => part.includes(' concurrently '))
        const held = await (isConcurrent ? heldUp(database, step) : inTransaction(database, step))
        expect.soft(held, step.parts.join('\n')).toEqual(named(step))
        for (const lock of held) seen.add(lock.split(' on ')[0] ?? '')
      }
      expect([...seen].sort()).toEqual([
        'ACCESS EXCLUSIVE',
        'ROW SHARE',
        'SHARE',
        'SHARE ROW EXCLUSIVE',
        'SHARE UPDATE EXCLUSIVE',
      ])
      expect(await planNow(database, observe)).toEqual([])

      const other = await open()
      await other.apply(await other.generate())
      expect(await schemaFacts(database.admin)).toEqual(await schemaFacts(other.admin))
    },
  )
})
