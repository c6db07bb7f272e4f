import { describe, expect, it } from 'vitest'
import type { ProbeFinding } from '../../../src/rls/probe/report/probe-report.ts'
import { protect } from './support/clinic.ts'
import { leaks, ProbeDatabase } from './support/probe-database.ts'

/** A permissive policy beside the right ones, which no restrictive one stands behind. */
const beside = (policy: string, table = 'visits') =>
  `drop policy tenant_floor on ${table}; create policy beside on ${table} ${policy};`

/** Letters to patients, whom they name without the tenant, and which are checked at the end of a transaction. */
const LETTERS = `alter table patients add unique (id); revoke insert on patients from app;
  create table letters (
    tenant_id uuid not null, number int generated always as identity, at timestamptz, primary key (tenant_id, number),
    patient_id uuid not null references patients (id) deferrable initially deferred
  );
  ${protect('letters')}
  insert into letters (tenant_id, patient_id) select tenant_id, id from patients;`

/** What is planted, what has to be found, all of it, and what has to be said of it. */
const LEAKS: readonly {
  readonly leak: string
  readonly sql: string
  readonly finds: readonly string[]
  readonly says: readonly (string | RegExp)[]
}[] = [
  {
    leak: 'INSERT for anybody',
    sql: beside('for insert to app with check (true)'),
    finds: ['probe-write public.visits'],
    says: [/can INSERT rows for others and insert rows for others by MERGE\. Its policies/],
  },
  {
    leak: 'UPDATE into the rows of others',
    sql: `${beside("for update to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) with check (true)")}
      grant update on visits to app`,
    finds: ['probe-write public.visits'],
    says: [/can UPDATE a row of its own into one of others\. /],
  },
  {
    leak: 'UPDATE that takes the rows of others over',
    sql: `${beside('for update to app using (true) with check (false)')} grant update (tenant_id) on visits to app`,
    finds: ['probe-write public.visits'],
    says: [/can UPDATE rows of others into rows of its own\. /],
  },
  {
    leak: 'UPDATE of all, behind a right policy of SELECT',
    sql: beside('for update to app using (true)'),
    finds: ['probe-write public.visits'],
    says: [/can UPDATE rows of others without reading any\. /],
  },
  {
    leak: 'DELETE of all, behind a right policy of SELECT',
    sql: beside('for delete to app using (true)'),
    finds: ['probe-write public.visits'],
    says: [/can DELETE rows of others without reading any\. /],
  },
  {
    leak: 'everything for all',
    sql: beside('to app using (true)'),
    finds: ['probe-read public.visits', 'probe-write public.visits'],
    says: [
      'Work for one tenant sees rows of others, and rows are seen',
      /INSERT .*MERGE.*UPDATE rows of others by their key, DELETE rows of others by their key, change rows of others by MERGE, lock/,
    ],
  },
  {
    leak: 'row security that is off',
    sql: 'alter table visits disable row level security',
    finds: ['probe-read public.visits', 'probe-write public.visits'],
    says: [/COPY rows in without any policy.*Row security is off/],
  },
  {
    leak: 'TRUNCATE',
    sql: 'grant truncate on visits to app',
    finds: ['probe-truncate public.visits'],
    says: ['no policy limits'],
  },
  {
    leak: 'a view through which rows are written',
    sql: `create view all_patients as select * from patients; grant select, insert, update, delete on all_patients to app`,
    finds: ['probe-read public.all_patients', 'probe-write public.all_patients'],
    says: [/INSERT.*own into one.*UPDATE.*DELETE.*rights of its owner/],
  },
  {
    leak: 'a view through which rows are removed that it shows without their tenant',
    sql: `create view names as select name from patients; grant select, delete on names to app`,
    finds: ['probe-hidden-tenant public.names', 'probe-write public.names'],
    says: [/can DELETE rows of others without reading any/],
  },
  {
    leak: 'a foreign key that leaves the tenant out, by UPDATE',
    sql: `${LETTERS} grant select, update (patient_id) on letters to app`,
    finds: ['probe-foreign-key public.letters'],
    says: ['letters_patient_id_fkey (patient_id)'],
  },
  {
    leak: 'a foreign key that leaves the tenant out, by INSERT',
    sql: `${LETTERS} grant select, insert on letters to app`,
    finds: ['probe-foreign-key public.letters'],
    says: ['letters_patient_id_fkey (patient_id)'],
  },
  {
    leak: 'a primary key that leaves the tenant out',
    sql: `create table tags (tenant_id uuid not null, id int primary key, word text, unique (tenant_id, word));
      insert into tags select tenant_id, row_number() over (), id from patients;
      ${protect('tags')}
      grant select, insert, update on tags to app`,
    finds: ['probe-conflict public.tags'],
    says: ['The key tags_pkey'],
  },
  {
    leak: 'a unique index of a part of the rows, over an expression',
    sql: `create unique index by_name on patients (lower(name), (number + 1)) where number > 0;`,
    finds: ['probe-conflict public.patients'],
    says: ['The key by_name'],
  },
  {
    leak: 'an exclusion constraint over all tenants',
    sql: `create table rooms (tenant_id uuid not null, id uuid default gen_random_uuid(), during int4range, primary key (tenant_id, id), exclude using gist (during with &&));
      insert into rooms select tenant_id, id, int4range(n::int * 10, n::int * 10 + 5) from (select *, row_number() over () as n from patients) as p;
      ${protect('rooms')}
      grant select, insert, update (during) on rooms to app`,
    finds: ['probe-conflict public.rooms'],
    says: [/rooms_during_excl.*DO UPDATE is refused/],
  },
]

const said = (findings: readonly ProbeFinding[]) => findings.map(({ message }) => message).join('\n')

describe.each(LEAKS)('$leak', ({ sql, finds, says }) => {
  it('is found, and nothing else', async () => {
    await using database = await ProbeDatabase.open(sql)
    const findings = await database.probe()
    expect(leaks(findings)).toEqual(finds)
    for (const text of says) expect(said(findings)).toMatch(text)
  })
})

/** What looks as if it could be written, and cannot. */
const RIGHT: readonly { readonly right: string; readonly sql: string }[] = [
  {
    right: 'a foreign key that leaves the tenant out, beside one with it that is checked in the end',
    sql: `alter table patients add unique (id); revoke insert on patients from app;
      create table letters (
        tenant_id uuid not null, number int, patient_id uuid not null references patients (id), primary key (tenant_id, number),
        foreign key (tenant_id, patient_id) references patients (tenant_id, id) deferrable initially deferred
      );
      ${protect('letters')} insert into letters select tenant_id, row_number() over (), id from patients;
      grant select, insert, update on letters to app`,
  },
  {
    right: 'a view with the rights of its owner that filters by the tenant, and checks what is written',
    sql: `create view mine as select * from patients
        where tenant_id = (select t from (select nullif(current_setting('app.tenant_id', true), '')::uuid as t, pg_sleep(0)) as x where t is not null) with check option;
      grant select, insert, update, delete on mine to app`,
  },
  {
    right: 'a policy of UPDATE for all whose check refuses what it finds',
    sql: `drop policy tenant_floor on visits; create policy beside on visits for update to app using (true) with check (false)`,
  },
]

describe.each(RIGHT)('$right', ({ sql }) => {
  it('has nothing said about it', async () => {
    await using database = await ProbeDatabase.open(sql)
    expect(await database.probe()).toEqual([])
  })
})
