import { describe, expect, it } from 'vitest'
import { protect } from './support/clinic.ts'
import { leaks, ProbeDatabase } from './support/probe-database.ts'

/** What keeps a probe from finding out, and what it has to say of it. */
const LIMITS: readonly {
  readonly limit: string
  readonly sql: string
  readonly says: readonly (string | RegExp)[]
}[] = [
  {
    limit: 'a trigger that refuses the row before a policy is asked',
    sql: `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'secret %', new.id; end $$;
      create trigger refuse before insert on visits for each row execute function refuse();`,
    says: [
      /^public\.visits .*INSERT rows for others \(SQLSTATE P0001\) and insert rows for others by MERGE \(SQLSTATE P0001\)/,
    ],
  },
  {
    limit: 'a trigger that reaches out of the transaction',
    sql: `create function tell() returns trigger language plpgsql as $$ begin perform dblink_exec('other', 'select 1'); return new; end $$;
      create trigger tell after insert on visits for each row execute function tell();`,
    says: [/^public\.visits .*writes \(the trigger tell may do what no rollback undoes\)/],
  },
  {
    limit: 'a trigger that reaches out, on a table that a foreign key follows to',
    sql: `create function tell() returns trigger language plpgsql as $$ begin perform http_post('x'); return old; end $$;
      create table notes (tenant_id uuid, visit_id uuid, foreign key (tenant_id, visit_id) references visits on delete cascade);
      create trigger tell after delete on notes for each row execute function tell();`,
    says: [/^public\.visits .*writes \(the trigger tell/],
  },
  {
    limit: 'a partition on another server',
    sql: `create extension file_fdw; create server files foreign data wrapper file_fdw;
      create table logs (tenant_id uuid not null, at int) partition by list (at); ${protect('logs')}
      create table logs_1 partition of logs for values in (1); insert into logs select tenant_id, 1 from patients;
      create foreign table logs_2 partition of logs for values in (2) server files options (filename '/dev/null');
      grant select, insert on logs to app`,
    says: [/^public\.logs .*writes \(it would reach the foreign table logs_2\)/],
  },
  {
    limit: 'a key that the application leaves to a sequence',
    sql: `alter table visits add number bigint generated always as identity; revoke insert on visits from app;
      grant insert (tenant_id, id, patient_id, minutes) on visits to app`,
    says: [/^public\.visits .*INSERT rows for others \(an INSERT would take numbers of a sequence/],
  },
  {
    limit: 'a function that writes',
    sql: `create function book() returns setof visits language sql security definer as 'insert into visits select * from visits where false returning *';`,
    says: [/^public\.book .*what is seen for a tenant \(SQLSTATE 25006\)/],
  },
  {
    limit: 'a function that writes and tells no tenant',
    sql: `create table calls (at int); create function stamp() returns int language sql security definer as 'insert into calls values (1) returning at';`,
    says: [/^public\.stamp .*\(it writes\)/],
  },
  {
    limit: 'a trigger that hands rows to other tables',
    sql: `create function elsewhere() returns trigger language plpgsql as 'begin return null; end';
      create trigger elsewhere before insert on visits for each row execute function elsewhere();
      alter table visits add unique (id)`,
    says: [
      /^public\.visits .*a trigger or a rule put something else in its place.*ON CONFLICT on visits_id_key \(a trigger puts something else/,
    ],
  },
  {
    limit: 'functions that cannot be called to any purpose',
    sql: `create function any_of(anyelement) returns setof anyelement language sql as 'select $1';
      create function found(word text) returns setof patients strict language sql as 'select * from patients';
      create function loose() returns setof record language sql as 'select 1';
      create function lone(id int) returns int language sql as 'select 1';
      create function fire() returns trigger language plpgsql as 'begin return new; end';`,
    says: [
      /^public\.any_of .*its arguments are of any type/,
      /^public\.found .*it takes arguments that the probe has no values for/,
      /^public\.loose .*its columns are not declared/,
    ],
  },
  {
    limit: 'a function that shows something else each time',
    sql: `create function dice() returns float language sql volatile as 'select random()';`,
    says: [/^public\.dice .*it shows something else each time/],
  },
  {
    limit: 'tables without rows',
    sql: 'delete from visits; create table kinds (word text); grant select on kinds to app',
    says: [/^public\.kinds .*no rows are seen/, /^public\.visits .*neither of the two has any there/],
  },
  {
    limit: 'a policy that takes too long',
    sql: `create policy slow on visits as restrictive to app using ((select pg_sleep(1)) is not null)`,
    says: [/^public\.visits .*what is seen for a tenant \(SQLSTATE 57014\)/],
  },
]

describe.each(LIMITS)('$limit', ({ sql, says }) => {
  it('is said, and taken for neither right nor wrong', async () => {
    await using database = await ProbeDatabase.open(sql)
    const findings = await database.probe({ statementTimeoutMs: 300 })
    expect(leaks(findings)).toEqual([])
    const left = findings.map(({ rule, object, message }) => {
      expect(rule).toBe('probe-incomplete')
      return `${object} ${message}`
    })
    expect(left).toHaveLength(says.length)
    for (const [index, text] of says.entries()) expect(left.toSorted()[index]).toMatch(text)
  })
})

it('waits for nobody who holds a lock', async () => {
  await using database = await ProbeDatabase.open()
  const holder = await database.connect('postgres')
  await holder.query('begin; lock table visits')
  const began = performance.now()
  const findings = await database.probe({ lockTimeoutMs: 50 })
  expect(performance.now() - began).toBeLessThan(5_000)
  expect(findings).toMatchObject([{ rule: 'probe-incomplete', object: 'public.visits' }])
  expect(findings[0]?.message).toContain('SQLSTATE 55P03')
  await holder.end()
})

it('leaves alone what it is told to, and what is declared shared', async () => {
  const sql =
    'alter table visits disable row level security; create table kinds (word text); grant all on kinds to app'
  await using database = await ProbeDatabase.open(sql)
  expect(await database.probe({ skip: ['public.visits'], shared: ['public.kinds'] })).toEqual([])
})

it('writes nothing where it is told not to', async () => {
  await using database = await ProbeDatabase.open('alter table visits disable row level security')
  expect(leaks(await database.probe({ writes: false }))).toEqual(['probe-read public.visits'])
})

it('says which sequences tell how far they have counted', async () => {
  await using database = await ProbeDatabase.open(
    'create sequence numbers; create sequence own; grant select on numbers to app; grant usage on own to app',
  )
  expect(await database.probe()).toMatchObject([
    { rule: 'probe-sequence', severity: 'info', object: 'public.numbers' },
  ])
})
