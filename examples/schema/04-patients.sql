-- A person as a patient of one clinic, with the number on the chart. Each clinic counts its charts from 1.

set role clinic_owner;

create table patients (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  id uuid not null default gen_random_uuid(),
  profile_id uuid not null,
  chart_number integer not null check (chart_number > 0),
  registered_on date not null default current_date,
  primary key (tenant_id, id),
  unique (tenant_id, chart_number),
  unique (tenant_id, profile_id),
  -- Foreign keys are checked without policies. Over profile_id alone this one would accept another clinic's profile,
  -- and ON DELETE CASCADE would let one clinic delete the rows of another.
  foreign key (tenant_id, profile_id) references patient_profiles (tenant_id, id)
);

alter table patients enable row level security;
alter table patients force row level security;
create policy tenant on patients to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on patients as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

grant select, insert on patients to app;

reset role;
