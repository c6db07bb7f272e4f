-- The check that was to stand for NOT NULL was never validated.
-- finds: tenant-nullable public.patients
\tenant_table public.patients (name text)
alter table public.patients drop constraint patients_pkey;
alter table public.patients alter column tenant_id drop not null;
alter table public.patients add unique (tenant_id, id);
alter table public.patients add constraint has_tenant check (tenant_id is not null) not valid;
