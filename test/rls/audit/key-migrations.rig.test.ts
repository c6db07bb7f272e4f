import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KEY_RULES } from '../../../src/rls/audit/rules/keys/index.ts'
import { runAudit } from '../../../src/rls/audit/run-audit.ts'
import { TENANT_A, TENANT_B } from '../../support/notes.ts'
import { openTarget, type Target } from '../../support/target.ts'

const PATIENT_B = 'b0000000-0000-4000-8000-000000000001'

/** Keys as they are before anybody has thought of tenants, over policies that are right. */
const SCHEMA = `
create extension btree_gist;
create table patients (
  tenant_id uuid not null, id uuid primary key, email text, name text, secret text not null default '', mother uuid references patients,
  unique nulls not distinct (email) include (name)
);
create table visits (
  tenant_id uuid not null, id uuid primary key default gen_random_uuid(),
  patient_id uuid references patients on delete cascade,
  nurse uuid references patients match full on update cascade on delete set null deferrable initially deferred,
  invited_as text
);
alter table visits add unique (tenant_id, id);
create table bookings (
  tenant_id uuid not null, id uuid primary key, visit_id uuid references visits,
  previous uuid references bookings, unique (tenant_id, id), room int, during int4range, exclude using gist (room with =, during with &&)
);
alter table visits add foreign key (invited_as) references patients (email) not valid;
create index on patients (tenant_id);
create unique index first_visit on visits (patient_id desc, lower(invited_as)) where nurse is null;
alter table bookings replica identity using index bookings_pkey;
do $$ declare name text; begin
  foreach name in array array['patients', 'visits', 'bookings'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format($policy$ create policy tenant on %I to app
      using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) $policy$, name);
    execute format('grant select, insert, update, delete on %I to app', name);
  end loop;
end $$;
insert into patients (tenant_id, id, email, secret) values ('${TENANT_B}', '${PATIENT_B}', 'b@example.org', 'ill');
insert into bookings (tenant_id, id, room, during) values ('${TENANT_B}', '${PATIENT_B}', 7, '[1,5)');
`

/** What tenant A tries; each succeeds or fails for a reason that is in a row of tenant B. */
const LEAKS: readonly {
  readonly name: string
  readonly sql: string
  readonly before: string
  readonly after: string
}[] = [
  {
    name: 'an email that another tenant has is refused',
    sql: `insert into patients (tenant_id, id, email) values ('${TENANT_A}', gen_random_uuid(), 'b@example.org')`,
    before: '23505',
    after: 'INSERT 1',
  },
  {
    name: 'a write is lost to another tenant',
    sql: `insert into patients (tenant_id, id) values ('${TENANT_A}', '${PATIENT_B}') on conflict do nothing`,
    before: 'INSERT 0',
    after: 'INSERT 1',
  },
  {
    name: "another tenant's id is told by a foreign key",
    sql: `insert into visits (tenant_id, patient_id) values ('${TENANT_A}', '${PATIENT_B}')`,
    before: 'INSERT 1',
    after: '23503',
  },
  {
    name: 'a room is refused that another tenant has booked',
    sql: `insert into bookings (tenant_id, id, room, during) values ('${TENANT_A}', gen_random_uuid(), 7, '[2,3)')`,
    before: '23P01',
    after: 'INSERT 1',
  },
]

const OPTIONS = {
  appRole: 'app',
  tenantColumn: 'tenant_id',
  tenantColumns: {},
  tenantSetting: 'app.tenant_id',
  settings: [],
  shared: [],
  backupRoles: [],
  sources: [],
}

let target: Target
let admin: pg.PoolClient

beforeAll(async () => {
  target = await openTarget('direct', { poolSize: 2, template: 'empty' })
  admin = await target.admin.connect()
  await admin.query(SCHEMA)
})
afterAll(async () => {
  admin.release()
  await target.close()
})

/** Runs a statement as tenant A and takes it back: its tag, or its error's code. */
async function attempt(sql: string): Promise<string> {
  const app = await target.connect()
  await app.query('begin')
  await app.query("select set_config('app.tenant_id', $1, true)", [TENANT_A])
  const outcome = await app.query(sql).then(
    ({ command, rowCount }) => `${command} ${rowCount}`,
    ({ code }: { code: string }) => code,
  )
  await app.query('rollback')
  return outcome
}

const outcomes = async () => Promise.all(LEAKS.map(async ({ name, sql }) => [name, await attempt(sql)]))

/** Runs everything that has statements, in the order of the findings, in a transaction of its own. */
async function migrate(): Promise<void> {
  await admin.query('begin')
  try {
    for (const { sql } of await runAudit(admin, OPTIONS, KEY_RULES)) if (sql) await admin.query(sql)
    await admin.query('commit')
  } catch (error) {
    await admin.query('rollback')
    throw error
  }
}

async function definitions(query: string): Promise<readonly string[]> {
  const { rows } = await admin.query<{ text: string }>(`select ${query} order by 1`)
  return rows.map(({ text }) => text)
}
const foreignKeys = () =>
  definitions(
    "conname || ' ' || pg_get_constraintdef(oid) as text from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace",
  )
const indexes = () =>
  definitions("replace(indexdef, 'public.', '') as text from pg_indexes where schemaname = 'public'")

describe('the statements that an audit gives for keys', () => {
  it('are needed: each leak is one', async () => {
    expect(await outcomes()).toEqual(LEAKS.map(({ name, before }) => [name, before]))
  })

  it('change nothing while rows of two tenants refer to each other', async () => {
    const before = [await foreignKeys(), await indexes()]
    const { rows } = await admin.query<{ id: string }>(
      `insert into visits (tenant_id, patient_id) values ('${TENANT_A}', '${PATIENT_B}') returning id`,
    )
    await expect(migrate()).rejects.toMatchObject({ code: '23503' })
    await admin.query('delete from visits where id = $1', [rows[0]?.id])
    expect([await foreignKeys(), await indexes()]).toEqual(before)
  })

  it('leave keys that say the same within each tenant, under their names', async () => {
    await migrate()
    expect(await foreignKeys()).toEqual([
      'bookings_previous_fkey FOREIGN KEY (tenant_id, previous) REFERENCES bookings(tenant_id, id)',
      'bookings_visit_id_fkey FOREIGN KEY (tenant_id, visit_id) REFERENCES visits(tenant_id, id)',
      'patients_mother_fkey FOREIGN KEY (tenant_id, mother) REFERENCES patients(tenant_id, id)',
      'visits_invited_as_fkey FOREIGN KEY (tenant_id, invited_as) REFERENCES patients(tenant_id, email) NOT VALID',
      'visits_nurse_fkey FOREIGN KEY (tenant_id, nurse) REFERENCES patients(tenant_id, id) ON UPDATE CASCADE ON DELETE SET NULL (nurse) DEFERRABLE INITIALLY DEFERRED',
      'visits_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES patients(tenant_id, id) ON DELETE CASCADE',
    ])
    expect(await indexes()).toEqual([
      'CREATE INDEX bookings_room_during_excl ON bookings USING gist (tenant_id, room, during)',
      'CREATE INDEX patients_tenant_id_idx ON patients USING btree (tenant_id)',
      'CREATE UNIQUE INDEX bookings_pkey ON bookings USING btree (id)',
      'CREATE UNIQUE INDEX bookings_tenant_id_id_key ON bookings USING btree (tenant_id, id)',
      'CREATE UNIQUE INDEX first_visit ON visits USING btree (tenant_id, patient_id DESC, lower(invited_as)) WHERE (nurse IS NULL)',
      'CREATE UNIQUE INDEX patients_email_name_key ON patients USING btree (tenant_id, email) INCLUDE (name) NULLS NOT DISTINCT',
      'CREATE UNIQUE INDEX patients_pkey ON patients USING btree (tenant_id, id)',
      // The foreign key needs a plain one, which the wider one does not stand in for.
      'CREATE UNIQUE INDEX patients_tenant_id_email_scoped ON patients USING btree (tenant_id, email)',
      'CREATE UNIQUE INDEX visits_pkey ON visits USING btree (tenant_id, id)',
      'CREATE UNIQUE INDEX visits_tenant_id_id_key ON visits USING btree (tenant_id, id)',
    ])
  })

  it('leave to the owner what identifies rows to replication', async () => {
    const left = await runAudit(admin, OPTIONS, KEY_RULES)
    expect(
      left
        .filter(({ object }) => object.startsWith('public.'))
        .map(({ rule, object, sql }) => [rule, object, sql]),
    ).toEqual([['key-across-tenants', 'public.bookings_pkey', undefined]])
  })

  it('end every leak', async () => {
    expect(await outcomes()).toEqual(LEAKS.map(({ name, after }) => [name, after]))
  })
})
