-- The calendar. It is read by day, so the index that serves it is (tenant, time).

set role clinic_owner;

create table appointments (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  id uuid not null default gen_random_uuid(),
  patient_id uuid not null,
  starts_at timestamptz not null,
  minutes integer not null default 15 check (minutes between 5 and 240),
  status text not null default 'booked' check (status in ('booked', 'arrived', 'done', 'cancelled', 'missed')),
  booked_by text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references patients (tenant_id, id)
);

create index on appointments (tenant_id, starts_at);
create index on appointments (tenant_id, patient_id);

alter table appointments enable row level security;
alter table appointments force row level security;
create policy tenant on appointments to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on appointments as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

grant select, insert, update (starts_at, minutes, status) on appointments to app;

reset role;
