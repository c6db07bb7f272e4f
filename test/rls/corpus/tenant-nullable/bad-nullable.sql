-- Unique over both, so nothing looks wrong: but NULL is accepted.
-- finds: tenant-nullable public.patients
\tenant_table public.patients (name text)
alter table public.patients drop constraint patients_pkey;
alter table public.patients alter column tenant_id drop not null;
alter table public.patients add unique (tenant_id, id);
