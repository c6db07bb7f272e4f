/** A schema as it grows by hand, in which many things are wrong at once, and several on the same table. */
export const GROWN_SCHEMA: string = `
create table clinics (id uuid primary key default gen_random_uuid(), name text not null);
create table patients (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid references clinics (id),
  email text unique,
  name text not null,
  mother uuid references patients (id) on delete set null
);
create table visits (
  id bigint generated always as identity primary key,
  tenant_id uuid,
  patient uuid not null references patients (id) on delete cascade,
  code text,
  at timestamptz not null default now(),
  unique (code, at)
);
create table notes (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  visit bigint references visits (id),
  body text,
  primary key (tenant_id, id)
);
create table letters (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  body text,
  primary key (tenant_id, id)
);
create table "audit ""log""" (
  tenant_id uuid not null, id uuid not null default gen_random_uuid(), at timestamptz not null, what text,
  primary key (id, at)
) partition by range (at);
create table audit_2026 partition of "audit ""log""" for values from ('2026-01-01') to ('2027-01-01');

alter table patients enable row level security;
create policy tenants on patients using (tenant_id = current_setting('app.tenant_id')::uuid);
alter table visits enable row level security;
create policy tenants on visits using (tenant_id::text = current_setting('app.tenant_id', true) or current_setting('app.bypass', true) = 'on');
create policy read on visits for select using (true);
create policy tenants on notes using (tenant_id = current_setting('app.tenant_id', true)::uuid) with check (true);
alter table letters enable row level security;
alter table letters force row level security;
create policy tenants on letters to app using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
alter table "audit ""log""" enable row level security;
create policy tenants on "audit ""log""" to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

create view recent as select * from visits where at > now() - interval '1 day';
create materialized view counts as select tenant_id, count(*) as n from visits group by tenant_id;
create function find_patient(who text) returns setof patients language sql security definer
  as 'select * from patients where name = who';
create function shout(t text) returns text language sql immutable leakproof as 'select upper(t)';
create function stamp() returns trigger language plpgsql security definer as 'begin new.at := now(); return new; end';
create trigger stamp before insert on visits for each row execute function stamp();
create rule keep as on delete to notes do also insert into letters (tenant_id, body) values (old.tenant_id, old.body);
create index on patients (name text_pattern_ops);

grant all on all tables in schema public to app;
grant usage on all sequences in schema public to app;
grant create on schema public to app;
alter default privileges in schema public grant select on tables to public;
alter role app set app.tenant_id = 'aaaaaaaa-0000-4000-8000-00000000000a';
`
