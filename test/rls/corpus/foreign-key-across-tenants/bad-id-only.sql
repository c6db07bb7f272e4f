-- The key of patients begins with the tenant; the foreign key uses another that does not.
-- finds: foreign-key-across-tenants public.visits.visits_patient_id_fkey
-- finds: unique-across-tenants public.patients_id_key
\tenant_table public.patients (name text)
alter table public.patients add unique (id);
\tenant_table public.visits (patient_id uuid)
alter table public.visits add foreign key (patient_id) references public.patients (id) match full on delete restrict not valid;
