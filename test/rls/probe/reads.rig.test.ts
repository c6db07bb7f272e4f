import { describe, expect, it } from 'vitest'
import type { ProbeOptions } from '../../../src/rls/probe/probe-options.ts'
import { protect } from './support/clinic.ts'
import { leaks, ProbeDatabase } from './support/probe-database.ts'

describe('a clinic that is right', () => {
  it('has nothing said about it', async () => {
    await using database = await ProbeDatabase.open()
    expect(await database.probe()).toEqual([])
  })
})

/** This database, as another server. */
const LOOPBACK = `do $$ begin
    execute format('create server loopback foreign data wrapper postgres_fdw options (host %L, port %L, dbname %L)', '127.0.0.1', current_setting('port'), current_database());
  end $$;
  create user mapping for app server loopback options (user 'postgres', password_required 'false');`

/** What is planted, and what has to be found, all of it. */
const LEAKS: readonly {
  readonly leak: string
  readonly sql: string
  readonly finds: readonly string[]
  readonly options?: Partial<ProbeOptions>
}[] = [
  {
    leak: 'a view with the rights of its owner',
    sql: 'create view names as select tenant_id, name from patients; grant select on names to app;',
    finds: ['probe-read public.names'],
  },
  {
    leak: 'a view with the rights of its owner that leaves the tenant out',
    sql: 'create view names as select name from patients; grant select on names to app;',
    finds: ['probe-hidden-tenant public.names'],
  },
  {
    leak: 'a view that counts the rows of all',
    sql: 'create view total as select count(*) from patients; grant select on total to app;',
    finds: ['probe-hidden-tenant public.total'],
  },
  {
    leak: 'a view that shows its own beside a sum over all',
    sql: `create function everybody() returns bigint language sql stable security definer begin atomic select count(*) from patients; end;
      create view mine with (security_invoker) as select name, everybody() from patients; grant select on mine to app;`,
    finds: ['probe-function public.everybody', 'probe-influence public.mine'],
  },
  {
    leak: 'a materialized view',
    sql: 'create materialized view names as select tenant_id, name from patients; grant select on names to app;',
    finds: ['probe-read public.names'],
  },
  {
    leak: 'a materialized view that leaves the tenant out',
    sql: 'create materialized view names as select name from patients; grant select on names to app;',
    finds: ['probe-hidden-tenant public.names'],
  },
  {
    leak: 'a partition that is granted',
    sql: `create table logs (tenant_id uuid not null, id uuid not null default gen_random_uuid(), primary key (tenant_id, id)) partition by hash (id);
      create table logs_0 partition of logs for values with (modulus 1, remainder 0);
      ${protect('logs')} insert into logs select tenant_id from patients; grant select on logs, logs_0 to app;`,
    finds: ['probe-read public.logs_0'],
  },
  {
    leak: 'a child that inherits columns and not policies',
    sql: `create table old_patients () inherits (patients); insert into old_patients (tenant_id, name) select tenant_id, 'x' from patients;
      grant select on old_patients to app;`,
    finds: ['probe-read public.old_patients'],
  },
  {
    leak: 'a foreign table',
    sql: `create extension postgres_fdw; ${LOOPBACK}
      create foreign table elsewhere (tenant_id uuid, name text) server loopback options (table_name 'patients');
      grant select, insert, delete on elsewhere to app`,
    finds: ['probe-read public.elsewhere'],
  },
  {
    leak: 'tenants that are numbers, with names of their own',
    sql: `create table firms (firm bigint not null, id int, primary key (firm, id)); insert into firms values (1, 1), (2, 1);
      grant select on firms to app`,
    options: {
      tenantColumn: 'no_such',
      tenantColumns: { 'public.firms': 'firm' },
      tenants: [{ id: '1' }, { id: '2' }],
    },
    finds: ['probe-read public.firms'],
  },
  {
    leak: 'row security that is off',
    sql: 'alter table visits disable row level security; revoke insert, update, delete on visits from app',
    finds: ['probe-read public.visits'],
  },
  {
    leak: 'a policy that is always true',
    sql: `drop policy tenant_floor on visits; alter policy tenant on visits using (true) with check (false); revoke insert, update, delete on visits from app`,
    finds: ['probe-read public.visits'],
  },
  {
    leak: 'a second permissive policy',
    sql: `drop policy tenant_floor on visits; create policy reception on visits for select to app using (minutes > 5)`,
    finds: ['probe-read public.visits'],
  },
  {
    leak: 'a policy that is open without a context',
    sql: `drop policy tenant_floor on visits; create policy jobs on visits for select to app using (coalesce(current_setting('app.tenant_id', true), '') = '')`,
    finds: ['probe-no-context public.visits'],
  },
  {
    leak: 'a policy that is open for a garbled context',
    sql: `drop policy tenant_floor on visits; create policy jobs on visits for select to app using (current_setting('app.tenant_id', true) = 'null');
      drop policy tenant on visits; create policy tenant on visits to app using (tenant_id::text = current_setting('app.tenant_id', true))`,
    finds: ['probe-no-context public.visits'],
  },
  {
    leak: 'a policy that fails on an empty context',
    sql: `drop policy tenant_floor on visits; alter policy tenant on visits using (tenant_id = current_setting('app.tenant_id', true)::uuid)`,
    finds: ['probe-no-context public.visits'],
  },
  {
    leak: 'a function with the rights of its owner',
    sql: `create function find_patients() returns setof patients language sql stable security definer as 'select * from patients';`,
    finds: ['probe-function public.find_patients'],
  },
  {
    leak: 'a function that trusts the tenant it is given',
    sql: `create function patients_of(tenant uuid) returns table (tenant_id uuid, name text) language plpgsql security definer as $$
      begin return query select p.tenant_id, p.name from patients as p where p.tenant_id = tenant; end $$;`,
    finds: ['probe-function public.patients_of'],
  },
  {
    leak: 'a function that tells no tenant',
    sql: `create function newest(out name text) language plpgsql security definer as $$ begin select string_agg(p.name, ',') into name from patients as p; end $$;`,
    finds: ['probe-function public.newest'],
  },
  {
    leak: 'a function that counts the rows of the tenant that it is given',
    sql: `create function count_of(clinic uuid) returns bigint language sql stable security definer
      as 'select count(*) from patients where tenant_id = clinic'`,
    finds: ['probe-function public.count_of'],
  },
  {
    leak: 'rows that are nobody’s',
    sql: `drop policy tenant_floor on visits; alter table visits drop constraint visits_pkey, alter tenant_id drop not null;
      drop policy tenant on visits; create policy tenant on visits to app using (tenant_id is null or tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
        with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
      insert into visits select null, gen_random_uuid(), id, 5 from patients limit 1; revoke update, delete on visits from app`,
    finds: ['probe-read public.visits'],
  },
  {
    leak: 'a table that names no tenant',
    sql: `create table rates (name text primary key); insert into rates values ('x'), ('y'); grant select on rates to app;`,
    finds: ['probe-hidden-tenant public.rates'],
  },
  {
    leak: 'a tenant column that may not be read, behind an open policy',
    sql: `drop policy tenant_floor on visits; alter policy tenant on visits using (true) with check (false); revoke select, insert, delete, update on visits from app; grant select (id, minutes) on visits to app`,
    finds: ['probe-hidden-tenant public.visits'],
  },
]

describe.each(LEAKS)('$leak', ({ sql, finds, options }) => {
  it('is found, and nothing else', async () => {
    await using database = await ProbeDatabase.open(sql)
    expect(leaks(await database.probe(options))).toEqual(finds)
  })
})

/** What looks like a leak and is none. */
const RIGHT: readonly {
  readonly right: string
  readonly sql: string
  readonly shared?: readonly string[]
}[] = [
  {
    right: 'a view with the rights of whoever asks',
    sql: 'create view names with (security_invoker) as select name from patients; grant select on names to app;',
  },
  {
    right: 'a view with the rights of its owner that filters by the tenant',
    sql: `create view names as select name from patients where tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid; grant select on names to app;`,
  },
  {
    right: 'a count that is the same for both tenants',
    sql: 'create view total with (security_invoker) as select count(*) from patients; grant select on total to app;',
  },
  {
    right: 'a partition behind policies of its own',
    sql: `create table logs (tenant_id uuid not null, id uuid not null default gen_random_uuid(), primary key (tenant_id, id)) partition by hash (id);
      create table logs_0 partition of logs for values with (modulus 1, remainder 0);
      ${protect('logs')} ${protect('logs_0')} insert into logs select tenant_id from patients; grant select, insert on logs, logs_0 to app;`,
  },
  {
    right: 'a table that is declared shared, and a view of it',
    sql: `create table rates (name text primary key); insert into rates values ('x'), ('y'); grant select on rates to app;
      create view rate_names as select name from rates; grant select on rate_names to app;`,
    shared: ['public.rates'],
  },
  {
    right: 'a table without the tenant column whose policy follows the parent',
    sql: `create table notes (id uuid primary key default gen_random_uuid(), patient_id uuid not null);
      insert into notes (patient_id) select id from patients;
      alter table notes enable row level security, force row level security;
      create policy parent on notes to app using (exists (select from patients where patients.id = patient_id));
      grant select, update, delete on notes to app;`,
  },
  {
    right: 'functions that tell nothing of tenants',
    sql: `create function version_of_app() returns text language sql immutable as $$ select '1.0' $$;
      create function mine() returns setof patients language sql stable as 'select * from patients';
      create function my_count() returns bigint language sql stable as 'select count(*) from patients';`,
  },
  {
    right: 'a policy that refuses what has no context',
    sql: `create function tenant() returns uuid language plpgsql stable as $$ begin
        if coalesce(current_setting('app.tenant_id', true), '') = '' then raise insufficient_privilege; end if;
        return current_setting('app.tenant_id')::uuid; end $$;
      drop policy tenant_floor on visits; alter policy tenant on visits using (tenant_id = tenant())`,
  },
]

describe.each(RIGHT)('$right', ({ sql, shared = [] }) => {
  it('has nothing said about it', async () => {
    await using database = await ProbeDatabase.open(sql)
    expect(leaks(await database.probe({ shared }))).toEqual([])
  })
})
