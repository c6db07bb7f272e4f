import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { afterAll, expect, it } from 'vitest'
import { planAdopt } from '../../../src/partitioning/adopt/plan-adopt.ts'
import { ScratchDatabase } from '../../rls/policy/support/scratch-database.ts'
import { setOf, TENANTS } from '../convert/support/event-table.ts'
import { runSteps } from '../convert/support/run-steps.ts'
import { Traffic } from '../convert/support/traffic.ts'

const FULL = process.env.LEASEHOLD_TEST_SIZE === 'full'
const ROWS = FULL ? 1_000_000 : 200_000
/** What nobody may wait longer for while the partition is promoted. */
const BOUND_MS = 50
const SET = setOf('events')
const INSERT = "insert into events (tenant_id, kind, payload) values ($1, 'new', repeat('y', 80))"
const KNOWN = "select count(*)::int as n from events where kind = 'known'"

const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())

/**
 * A table whose job stopped two months ago: there are partitions of months before, one far ahead, and a DEFAULT one that has taken
 * everything since, with a few strays of a month that was retired long ago.
 */
async function stuckTable(admin: Client, rows: number, strays: number): Promise<void> {
  const month = (offset: number) =>
    `date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' + interval '${offset} months'`
  const partition = (offset: number) =>
    `execute format('create table events_%s partition of events for values from (%L) to (%L)', to_char(${month(offset)}, 'YYYY_MM'), ${month(offset)}, ${month(offset + 1)});`
  await admin.query(`
    set timezone = 'UTC';
    create schema public_parts;
    create table tenants (tenant_id uuid primary key);
    insert into tenants select unnest(array['${TENANTS.join("','")}']::uuid[]);
    create table events (
      tenant_id uuid not null references tenants, id bigint generated always as identity, kind text not null, payload text not null,
      created_at timestamptz not null default now(), primary key (id, created_at)) partition by range (created_at);
    create table events_default partition of events default;
    do $$ begin ${partition(-4)} ${partition(-3)} ${partition(5)} end $$;
    create index on events (tenant_id, created_at);
    create index on events (tenant_id) where kind = 'known';
    alter table events enable row level security, force row level security;
    create policy tenant on events to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
    grant select, insert on events to app;
    grant select on events_default to app;
    insert into events (tenant_id, kind, payload, created_at)
      select tenants.tenant_id, case when n % 50 = 0 then 'known' else 'other' end, repeat('x', 80),
        greatest(now() - n * interval '1 second', ${month(-1)}) from tenants, generate_series(1, ${rows / TENANTS.length}) as n;
    insert into events (tenant_id, kind, payload, created_at)
      select tenants.tenant_id, 'known', 'stray', ${month(-6)} + n * interval '1 hour' from tenants, generate_series(1, ${strays / TENANTS.length}) as n;
    analyze events;`)
}

async function partitionsOf(admin: Client): Promise<readonly unknown[]> {
  const { rows } = await admin.query(
    `select relnamespace::regnamespace::text as schema, relrowsecurity and relforcerowsecurity as forced,
       (select count(*)::int from pg_policy where polrelid = class.oid) as policies, relacl is null or cardinality(relacl) <= 1 as closed,
       pg_get_expr(relpartbound, class.oid) = 'DEFAULT' as "isDefault"
     from pg_inherits join pg_class as class on class.oid = inhrelid where inhparent = 'events'::regclass`,
  )
  return rows
}

for (const strays of [0, 500]) {
  it(`The rescue of ${ROWS} rows with ${strays} strays under load makes nobody wait ${BOUND_MS} ms, and hides no row`, {
    timeout: 600_000,
    retry: 2,
  }, async () => {
    const database = await ScratchDatabase.open(resources)
    await stuckTable(database.admin, ROWS, strays)
    const operator = await database.connect('postgres')
    const traffic = await Traffic.start(resources, database.name, { insert: INSERT, known: KNOWN })
    await sleep(1_000)
    const begun = performance.now()
    const plan = await planAdopt(operator, SET, 'events')
    const planned = performance.now()
    // ATTACH would read the whole partition under its lock otherwise.
    const statements = plan.steps.flatMap((step) => step.statements)
    const proven = statements.findIndex((text) => text.includes('validate constraint'))
    expect(proven).toBeGreaterThan(0)
    expect(proven).toBeLessThan(statements.findIndex((text) => text.startsWith('lock table only')))
    const report = await runSteps(operator, plan).finally(() => undefined)
    const ended = performance.now()
    await sleep(500)
    await traffic.stop()

    const stallMs = traffic.longestMs(planned, ended)
    console.info(
      `rescue of ${ROWS} rows, ${strays} strays: planned in ${Math.round(planned - begun)} ms, steps ${JSON.stringify(report.tookMs, (_, value) => (typeof value === 'number' ? Math.round(value) : value))}, ` +
        `tries ${Object.values(report.tries)}; ${traffic.laps.length} transactions, the longest ${Math.round(stallMs)} ms meanwhile, ${Math.round(traffic.longestMs(0, begun))} ms without; known rows counted ${traffic.counted} times`,
    )
    expect(traffic.failures).toEqual([])
    expect(traffic.miscounted).toBe(0)
    expect(traffic.counted).toBeGreaterThan(50)
    const { rows } = await database.admin.query('select count(*)::int as n from events')
    expect(rows).toEqual([{ n: ROWS + strays + traffic.inserted }])
    const partitions = await partitionsOf(database.admin)
    expect(partitions.filter((each) => (each as { isDefault: boolean }).isDefault)).toEqual([])
    // Those of before the rescue are nobody's business here.
    const made = partitions.filter((each) => (each as { schema: string }).schema === 'public_parts')
    expect(made).toHaveLength(strays > 0 ? 3 : 2)
    for (const each of made) expect(each).toMatchObject({ forced: true, policies: 0, closed: true })
    expect(await planAdopt(operator, SET, 'events')).toEqual({ steps: [], refusals: [] })
    expect(stallMs).toBeLessThan(BOUND_MS)
  })
}
