-- What was found and done. A record is never changed or deleted: a correction is another record.

set role clinic_owner;

create table clinical_records (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  id uuid not null default gen_random_uuid(),
  patient_id uuid not null,
  recorded_at timestamptz not null default now(),
  kind text not null check (kind in ('note', 'diagnosis', 'prescription', 'result')),
  body text not null,
  author text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, patient_id) references patients (tenant_id, id)
);

create index on clinical_records (tenant_id, patient_id, recorded_at);

alter table clinical_records enable row level security;
alter table clinical_records force row level security;
create policy tenant on clinical_records to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on clinical_records as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

grant select, insert on clinical_records to app;

reset role;
