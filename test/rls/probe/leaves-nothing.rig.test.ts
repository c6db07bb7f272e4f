import { expect, it } from 'vitest'
import { TENANT_A, TENANT_B } from '../../support/notes.ts'
import { readState, rollbacks, statisticsFlushed, writtenRows } from './support/database-state.ts'
import { leaks, ProbeDatabase } from './support/probe-database.ts'

/** Every write of the probe comes through: the tables are open, and triggers do more than was asked of them. */
const OPEN = `
  create table trail (at timestamptz default now(), number bigint generated always as identity, said text);
  create function leave_a_trail() returns trigger language plpgsql security definer as $$ begin
    insert into trail (number, said) overriding system value values (0, tg_op);
    perform pg_notify('written', tg_op), set_config('app.left', 'over', false), pg_advisory_lock(7);
    perform lo_create(0);
    return null;
  end $$;
  create table letters (
    tenant_id uuid not null, number int generated always as identity primary key, serial serial,
    patient_id uuid not null, body text
  );
  alter table patients disable row level security, add unique (id);
  alter table letters add foreign key (patient_id) references patients (id) on delete cascade;
  insert into letters (tenant_id, patient_id, body) select tenant_id, id, 'dear' from patients;
  create trigger trail after insert or update or delete or truncate on letters for each statement execute function leave_a_trail();
  create view names as select name from patients;
  create function everybody() returns bigint language sql stable security definer as 'select count(*) from patients';
  create view mine with (security_invoker) as select name, everybody() from patients;
  grant all on patients, visits, letters, names, mine to app;
`

it('changes nothing where every write comes through', async () => {
  await using database = await ProbeDatabase.open(OPEN)
  const [before, written, rolledBack] = [
    await readState(database),
    await writtenRows(database),
    await rollbacks(database),
  ]
  const listener = await database.connect('postgres')
  const heard: unknown[] = []
  listener.on('notification', (message) => heard.push(message))
  await listener.query('listen written')
  const findings = leaks(await database.probe())
  for (const rule of [
    'probe-read',
    'probe-write',
    'probe-foreign-key',
    'probe-conflict',
    'probe-truncate',
    'probe-function',
    'probe-hidden-tenant',
  ]) {
    expect(findings.join('\n')).toContain(rule)
  }
  await statisticsFlushed(database, rolledBack)
  expect(await readState(database)).toEqual(before)
  await listener.query('select 1')
  expect(heard).toEqual([])
  await listener.end()
  // PostgreSQL counts rows that were rolled back too: they were there, and are dead.
  expect(await writtenRows(database)).toBeGreaterThan(written)
})

it('writes not one row where nothing is wrong', async () => {
  await using database = await ProbeDatabase.open()
  const [before, written, rolledBack] = [
    await readState(database),
    await writtenRows(database),
    await rollbacks(database),
  ]
  expect(await database.probe()).toEqual([])
  await statisticsFlushed(database, rolledBack)
  expect(await readState(database)).toEqual(before)
  expect(await writtenRows(database)).toBe(written)
})

it('tells no value of a row, in what it says and in what it asks', async () => {
  await using database = await ProbeDatabase.open(OPEN, "update patients set name = 'very ' || 'secret'")
  const app = await database.connect('app')
  const asked: string[] = []
  const query = app.query.bind(app)
  const findings = await database.probeOn({
    query: (text, values) => {
      asked.push(text)
      return query(text, values as unknown[])
    },
  })
  await app.end()
  expect(leaks(findings).length).toBeGreaterThan(8)
  expect(asked.length).toBeGreaterThan(100)
  const [{ id } = { id: '' }] = await database.run<{ id: string }>('select id from patients limit 1')
  for (const text of [...asked, JSON.stringify(findings)]) {
    expect(text).not.toMatch(/very secret|dear/)
    expect(text).not.toContain(id)
  }
  for (const tenant of [TENANT_A, TENANT_B]) expect(JSON.stringify(findings)).not.toContain(tenant)
})
