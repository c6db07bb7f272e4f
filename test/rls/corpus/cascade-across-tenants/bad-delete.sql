-- One clinic deletes its patient, and the visit of another that refers to it is gone.
-- finds: cascade-across-tenants public.visits.visits_patient_id_fkey
-- finds: unique-across-tenants public.patients_id_key
\tenant_table public.patients (name text)
alter table public.patients add unique (id);
\tenant_table public.visits (patient_id uuid)
alter table public.visits add foreign key (patient_id) references public.patients (id) on delete cascade;
