import { afterAll, beforeAll, expect, it } from 'vitest'
import { planConvert } from '../../../src/partitioning/convert/plan-convert.ts'
import { planUnconvert } from '../../../src/partitioning/convert/plan-unconvert.ts'
import { ScratchDatabase } from '../../rls/policy/support/scratch-database.ts'
import { setOf } from './support/event-table.ts'
import { runSteps } from './support/run-steps.ts'

const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())

const SET = setOf('visits', 'at')
const TABLE = 'create table visits (id int primary key, tenant_id uuid, at timestamptz not null, note text);'

let database: ScratchDatabase
beforeAll(async () => {
  database = await ScratchDatabase.open(resources)
})

/** What is planted, the reason that is told, and the name that is told with it. */
const PLANTED: readonly (readonly [string, string, string])[] = [
  ['create view recent as select note from visits', 'view', 'public.recent'],
  ['create materialized view kept as select count(*) from visits', 'materialized-view', 'public.kept'],
  ['create rule quiet as on delete to visits do also select 1', 'rule', 'quiet'],
  [
    'create function total() returns bigint language sql begin atomic select count(*) from visits; end',
    'function',
    'public.total()',
  ],
  [
    "create function first_visit() returns visits language sql as 'select * from visits limit 1'",
    'function',
    'public.first_visit()',
  ],
  [
    'create table letters (visit int references visits); ',
    'foreign-key-into',
    'letters_visit_fkey of public.letters',
  ],
  [
    'alter table visits add parent int references visits',
    'foreign-key-into',
    'visits_parent_fkey of public.visits',
  ],
  [
    'create table other (id int); alter table other enable row level security; create policy near on other using (exists (select from visits where visits.id = other.id))',
    'policy-elsewhere',
    'near on public.other',
  ],
  ['create table holder (one visits)', 'dependent', 'public.holder.one'],
  ['alter table visits alter at drop not null', 'key-nullable', 'at'],
  ['alter table visits alter at type date', 'key-type', 'date'],
  ['alter table visits rename at to happened', 'key-missing', 'at'],
  ['alter table visits add unique (tenant_id, note)', 'unique-without-key', 'visits_tenant_id_note_key'],
  ['create unique index one_note on visits (note)', 'unique-without-key', 'one_note'],
  [
    'create extension if not exists btree_gist; alter table visits add constraint apart exclude using gist (id with =, at with =)',
    'exclusion-constraint',
    'apart',
  ],
  ['create table base (id int); alter table visits inherit base', 'inheritance', 'public.base'],
  ['create table child () inherits (visits)', 'inheritance', 'public.child'],
  ['alter table visits set unlogged', 'unlogged', 'public.visits'],
  ["alter table visits add constraint long check (note <> 'x') not valid", 'constraint-not-valid', 'long'],
  ["alter table visits add constraint mine check (note <> 'x') no inherit", 'constraint-no-inherit', 'mine'],
  [
    "insert into visits values (1, null, now() + interval '70 days')",
    'rows-beyond-next-month',
    'public.visits',
  ],
  ["insert into visits values (1, null, 'infinity')", 'rows-beyond-next-month', 'public.visits'],
  [
    "create function look() returns trigger language plpgsql as 'begin return null; end'; create trigger seen after insert on visits referencing new table as fresh for each row execute function look()",
    'trigger-transition-table',
    'seen',
  ],
  ['create publication told for table visits', 'publication-by-leaf', 'told'],
  [
    'alter table visits drop constraint visits_pkey, add constraint visits_pkey primary key (id) deferrable',
    'key-deferrable',
    'visits_pkey',
  ],
  ['drop table visits; create view visits as select 1 as id', 'not-a-table', 'public.visits'],
  ['drop table visits', 'table-missing', 'public.visits'],
]

it.each(PLANTED)('Refused: %s', async (sql, reason, name) => {
  await database.admin.query(`drop schema public cascade; create schema public; ${TABLE}`)
  await database.admin.query('drop publication if exists told')
  await database.admin.query(sql)
  const { steps, refusals } = await planConvert(database.admin, SET, 'visits', { acceptKey: true })
  expect(steps).toEqual([])
  expect(refusals.map((refusal) => refusal.reason)).toContain(reason)
  const refusal = refusals.find((each) => each.reason === reason)
  expect(`${refusal?.message} ${refusal?.fix}`).toContain(name)
  expect(refusal).toMatchObject({ table: 'public.visits', partition: undefined })
})

it('The weaker key is shown, and taken only where it is accepted', async () => {
  await database.admin.query(`drop schema public cascade; create schema public; ${TABLE}`)
  const { steps, refusals } = await planConvert(database.admin, SET, 'visits')
  expect(steps).toEqual([])
  expect(refusals.map(({ reason }) => reason)).toEqual(['key-not-in-primary-key'])
  expect(refusals[0]?.message).toContain('from (id) to (id, at)')
  expect(refusals[0]?.message).toContain('ON CONFLICT (id) would fail')
  const accepted = await planConvert(database.admin, SET, 'visits', { acceptKey: true })
  expect(accepted.refusals).toEqual([])
  expect(accepted.steps.map(({ id }) => id.split('/').at(-1))).toEqual([
    'schema',
    'check',
    'validate',
    'index',
    'swap',
    'analyze',
  ])
})

it('A view on the converted table keeps the conversion from being taken back', async () => {
  await database.admin.query(`drop schema public cascade; create schema public; ${TABLE}`)
  await runSteps(database.admin, await planConvert(database.admin, SET, 'visits', { acceptKey: true }))
  await database.admin.query('create view public.recent as select note from public.visits')
  const { refusals } = await planUnconvert(database.admin, SET, 'visits')
  expect(refusals.map(({ reason }) => reason)).toEqual(['view'])
})
