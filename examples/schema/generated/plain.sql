-- The same clinic as in the folder above, as one writes it first: the tenant is just another column. What the application
-- needs is granted; nothing keeps one clinic from another. `migration.sql` is what `leasehold rls generate` makes of it.
-- The roles are those of ../01-roles.sql.

create schema audit_log_months authorization clinic_owner;

set role clinic_owner;

create table organizations (
  tenant_id uuid primary key default gen_random_uuid(),
  name text not null,
  created_at timestamptz not null default now()
);
grant select on organizations to app;

create table patient_profiles (
  tenant_id uuid not null references organizations (tenant_id),
  id uuid primary key default gen_random_uuid(),
  person_id uuid not null unique,
  given_name text not null,
  family_name text not null,
  birth_date date not null
);
create index on patient_profiles (tenant_id, family_name);
grant select, insert, update (given_name, family_name, birth_date) on patient_profiles to app;

create table patients (
  tenant_id uuid,
  id uuid primary key default gen_random_uuid(),
  profile_id uuid not null unique references patient_profiles,
  chart_number integer not null unique check (chart_number > 0),
  registered_on date not null default current_date
);
grant select, insert on patients to app;

create table appointments (
  tenant_id uuid,
  id uuid primary key default gen_random_uuid(),
  patient_id uuid not null references patients,
  starts_at timestamptz not null,
  minutes integer not null default 15 check (minutes between 5 and 240),
  status text not null default 'booked' check (status in ('booked', 'arrived', 'done', 'cancelled', 'missed')),
  booked_by text not null
);
create index on appointments (tenant_id, starts_at);
create index on appointments (tenant_id, patient_id);
grant select, insert, update (starts_at, minutes, status), truncate, references, trigger on appointments to app;

create table clinical_records (
  tenant_id uuid,
  id uuid primary key default gen_random_uuid(),
  patient_id uuid not null references patients,
  recorded_at timestamptz not null default now(),
  kind text not null check (kind in ('note', 'diagnosis', 'prescription', 'result')),
  body text not null,
  author text not null
);
create index on clinical_records (tenant_id, patient_id, recorded_at);
grant select, insert on clinical_records to app;

create table audit_log (
  tenant_id uuid,
  at timestamptz not null default now(),
  id uuid not null default gen_random_uuid(),
  actor text not null,
  action text not null check (action in ('read', 'write')),
  record_id uuid not null,
  primary key (at, id)
) partition by range (at);
grant select, insert on audit_log to app;

do $$
declare
  first timestamp;
begin
  for n in 1..12 loop
    first := make_timestamp(2026, n, 1, 0, 0, 0);
    execute format('create table audit_log_months.%I partition of audit_log for values from (%L) to (%L)',
      to_char(first, '"audit_log_"YYYY_MM'), first || '+00', first + interval '1 month' || '+00');
  end loop;
end $$;
-- As an ORM's set-up does: what is made tomorrow is open to the application as well.
alter default privileges in schema public grant select on tables to app;

reset role;
