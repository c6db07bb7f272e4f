-- Both compare tenants, but one sets the tenant to NULL with the rest: the row is seen by nobody any more.
-- finds: cascade-across-tenants public.visits.visits_tenant_id_patient_id_fkey
-- finds: tenant-nullable public.visits
\tenant_table public.patients (name text)
\tenant_table public.visits (patient_id uuid, nurse uuid)
alter table public.visits drop constraint visits_pkey;
alter table public.visits alter column tenant_id drop not null;
alter table public.visits add unique (tenant_id, id);
alter table public.visits add foreign key (tenant_id, patient_id) references public.patients on delete set null;
alter table public.visits add foreign key (tenant_id, nurse) references public.patients on delete set null (nurse);
