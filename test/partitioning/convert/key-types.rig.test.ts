import { afterAll, expect, it } from 'vitest'
import { planAdopt } from '../../../src/partitioning/adopt/plan-adopt.ts'
import { planConvert } from '../../../src/partitioning/convert/plan-convert.ts'
import type { KeyType } from '../../../src/partitioning/definition/partition-options.ts'
import { ScratchDatabase } from '../../rls/policy/support/scratch-database.ts'
import { setOf } from './support/event-table.ts'
import { runSteps } from './support/run-steps.ts'

const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())

const TYPES: readonly (readonly [KeyType, string, string])[] = [
  ['timestamptz', 'timestamptz', "now() - n * interval '1 hour'"],
  ['timestamp', 'timestamp(3)', "now() at time zone 'UTC' - n * interval '1 hour'"],
  ['date', 'date', '(now() - n * interval $$1 hour$$)::date'],
  ['uuidv7', 'uuid', "uuidv7(n * interval '-1 hour')"],
]

it.each(TYPES)(
  'A table with a key of %s is converted, halfway through as well',
  async (keyType, type, value) => {
    const { admin } = await ScratchDatabase.open(resources)
    await admin.query(`
    set timezone = 'America/New_York'; set datestyle = 'German';
    create table visits (id int primary key, at ${type} not null);
    insert into visits select n, ${value} from generate_series(1, 50) as n`)
    const set = setOf('visits', 'at', keyType)
    const first = await planConvert(admin, set, 'visits', { acceptKey: true })
    await runSteps(admin, { steps: first.steps.slice(0, 3), refusals: [] })
    const rest = await planConvert(admin, set, 'visits', { acceptKey: true })
    expect(rest.steps.map(({ id }) => id.split('/').at(-1))).toEqual(['schema', 'index', 'swap', 'analyze'])
    await runSteps(admin, rest)
    const { rows } = await admin.query(
      'select tableoid::regclass::text as leaf, count(*)::int as n from public.visits group by 1',
    )
    expect(rows).toEqual([{ leaf: 'public_parts.visits_legacy', n: 50 }])
  },
)

it.each(TYPES)('A DEFAULT partition with a key of %s is rescued', async (keyType, type, value) => {
  const { admin } = await ScratchDatabase.open(resources)
  await admin.query(`
    create table visits (id int, at ${type} not null) partition by range (at);
    create table visits_default partition of visits default;
    insert into visits select n, ${value} from generate_series(1, 50) as n`)
  const plan = await planAdopt(admin, setOf('visits', 'at', keyType), 'visits')
  await runSteps(admin, plan)
  const { rows } = await admin.query('select count(*)::int as n from public.visits')
  expect(rows).toEqual([{ n: 50 }])
  const { rows: leaves } = await admin.query(
    "select pg_get_expr(relpartbound, oid) as bound, relnamespace::regnamespace::text as schema from pg_class where relispartition and relkind = 'r'",
  )
  expect(leaves).toHaveLength(2)
  for (const leaf of leaves)
    expect(leaf).toMatchObject({ schema: 'public_parts', bound: expect.stringMatching(/^FOR VALUES FROM/) })
})
