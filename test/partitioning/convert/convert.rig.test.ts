import { afterAll, expect, it } from 'vitest'
import { planConvert } from '../../../src/partitioning/convert/plan-convert.ts'
import { planUnconvert } from '../../../src/partitioning/convert/plan-unconvert.ts'
import { ScratchDatabase } from '../../rls/policy/support/scratch-database.ts'
import { createRichTable, setOf, TENANTS } from './support/event-table.ts'
import { runSteps } from './support/run-steps.ts'
import { tableFacts } from './support/table-facts.ts'

const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())

const SET = setOf('audit_log')
const LEGACY = 'public_parts.audit_log_legacy'

async function richTable() {
  const database = await ScratchDatabase.open(resources)
  const { admin } = database
  const roles = await createRichTable(admin, database.name)
  await admin.query(
    "insert into audit_log (tenant_id, note, created_at) select tenant_id, 'n ' || n, now() - n * interval '1 hour' from tenants, generate_series(1, 100) as n",
  )
  return { database, admin, ...roles, operator: await database.connect(roles.job) }
}

it('A converted table is in everything what it was but for its key, and taken back it is the same again', async () => {
  const { admin, operator } = await richTable()
  const before = await tableFacts(admin, 'public.audit_log')

  await runSteps(operator, await planConvert(operator, SET, 'audit_log', { acceptKey: true }))

  expect(changes(before, await tableFacts(admin, 'public.audit_log'))).toEqual({
    gone: [
      'constraint audit_log_pkey p PRIMARY KEY (tenant_id, id) INCLUDE (note) t t 0 a key',
      expect.stringContaining('(tenant_id, id) INCLUDE (note)'),
    ],
    come: [
      'constraint audit_log_pkey p PRIMARY KEY (tenant_id, id, created_at) INCLUDE (note) t t 0 a key',
      expect.stringContaining('(tenant_id, id, created_at) INCLUDE (note)'),
    ],
  })
  expect(await planConvert(operator, SET, 'audit_log')).toEqual({ steps: [], refusals: [] })

  await runSteps(operator, await planUnconvert(operator, SET, 'audit_log'))

  expect(changes(before, await tableFacts(admin, 'public.audit_log'))).toEqual({})
  const { rows } = await admin.query(
    "select relname from pg_class where relnamespace = 'public_parts'::regnamespace",
  )
  expect(rows).toEqual([])
})

it('A converted table goes on counting where it stood, and its partitions show nothing to anybody', async () => {
  const { admin, operator, database, owner } = await richTable()
  const next = 'select last_value + 3 as id from audit_log_id_seq'
  const expected = (await admin.query(next)).rows[0].id
  await runSteps(operator, await planConvert(operator, SET, 'audit_log', { acceptKey: true }))

  const app = await database.connect('app')
  await app.query("select set_config('app.tenant_id', $1, false)", [TENANTS[3]])
  const { rows } = await app.query('insert into audit_log default values returning id, number, note, loud')
  expect(rows).toEqual([{ id: expected, number: 1001, note: 'stamped', loud: 'STAMPED' }])
  expect((await app.query('select count(*)::int as n from audit_log')).rows).toEqual([{ n: 101 }])
  expect((await admin.query('select count(*)::int as n from audit_log')).rows).toEqual([{ n: 1001 }])
  await expect(app.query(`select from ${LEGACY}`)).rejects.toMatchObject({ code: '42501' })
  await admin.query(`grant usage on schema public_parts to app; grant select on ${LEGACY} to app`)
  expect((await app.query(`select from ${LEGACY}`)).rowCount).toBe(0)
  await admin.query(`set role ${owner}`)
  expect((await admin.query(`select from ${LEGACY}`)).rowCount).toBe(0)
  await admin.query('reset role')
  const { rows: leaves } = await admin.query(
    `select relname, relrowsecurity, relforcerowsecurity, relreplident, relowner::regrole::text as owner,
       (select count(*)::int from pg_policy where polrelid = class.oid) as policies, reloptions[1] as option,
       (select count(*)::int from aclexplode(relacl) where grantee <> relowner and grantee <> 'app'::regrole) as strangers
     from pg_class as class where relnamespace = 'public_parts'::regnamespace and relkind = 'r' order by relname`,
  )
  const hardened = { relrowsecurity: true, relforcerowsecurity: true, relreplident: 'f', owner, policies: 0 }
  expect(leaves).toEqual([
    {
      relname: expect.stringMatching(/^audit_log_\d{4}_\d\d$/),
      option: 'fillfactor=80',
      strangers: 0,
      ...hardened,
    },
    { relname: 'audit_log_legacy', option: 'fillfactor=80', strangers: 0, ...hardened },
  ])
})

it('A conversion cannot be taken back once a row lies in a later month', async () => {
  const { admin, operator } = await richTable()
  await runSteps(operator, await planConvert(operator, SET, 'audit_log', { acceptKey: true }))
  const plan = await planUnconvert(operator, SET, 'audit_log')
  await admin.query(
    "insert into audit_log (tenant_id, created_at) select tenant_id, date_trunc('month', now(), 'UTC') + interval '40 days' from tenants limit 1",
  )
  await expect(runSteps(operator, plan)).rejects.toMatchObject({ code: '55000' })
  // Forced row security hides the row from the job, which is told by the swap; who sees it is told by the plan.
  const { refusals } = await planUnconvert(admin, SET, 'audit_log')
  expect(refusals.map(({ reason }) => reason)).toEqual(['rows-outside'])
  expect((await admin.query('select count(*)::int as n from audit_log')).rows).toEqual([{ n: 1001 }])
})

it('A swap does nothing where the table was changed after it was planned', async () => {
  const { admin, operator } = await richTable()
  const plan = await planConvert(operator, SET, 'audit_log', { acceptKey: true })
  await admin.query('create policy late on audit_log for select using (true)')
  const before = await tableFacts(admin, 'public.audit_log')
  await expect(runSteps(operator, plan)).rejects.toMatchObject({ code: '55000' })
  expect((await tableFacts(admin, 'public.audit_log')).filter((fact) => !/legacy/.test(fact))).toEqual(before)
  await runSteps(operator, await planUnconvert(operator, SET, 'audit_log'))
  expect(await tableFacts(admin, 'public.audit_log')).toEqual(before)
})

it('The ledger is told of the partitions, and of their end', async () => {
  const { admin } = await richTable()
  await admin.query(`create schema leasehold; create table leasehold.partition_ledger (
    "table" text, partition text, oid oid, low_us bigint, high_us bigint, state text, updated_at timestamptz default now(), primary key ("table", oid))`)
  const ledger = async () =>
    (
      await admin.query(
        `select partition, oid = to_regclass(format('public_parts.%I', partition)) as "isIt", low_us is null as "isOpen",
           to_timestamp(high_us / 1e6) at time zone 'UTC' = date_trunc('month', to_timestamp(high_us / 1e6) at time zone 'UTC') as "isMonth", state
         from leasehold.partition_ledger where "table" = 'public.audit_log' order by low_us nulls first`,
      )
    ).rows
  await runSteps(admin, await planConvert(admin, SET, 'audit_log', { acceptKey: true }))
  const month = expect.stringMatching(/^audit_log_\d{4}_\d\d$/)
  expect(await ledger()).toEqual([
    { partition: 'audit_log_legacy', isIt: true, isOpen: true, isMonth: true, state: 'attached' },
    { partition: month, isIt: true, isOpen: false, isMonth: true, state: 'attached' },
  ])
  await runSteps(admin, await planUnconvert(admin, SET, 'audit_log'))
  expect((await ledger()).map((row) => row.state)).toEqual(['dropped', 'dropped'])
})

function changes(before: readonly string[], after: readonly string[]): object {
  const gone = before.filter((fact) => !after.includes(fact))
  const come = after.filter((fact) => !before.includes(fact))
  return gone.length + come.length === 0 ? {} : { gone, come }
}
