-- What refers to the key is mended first, and the key after it, in one migration.
-- finds: foreign-key-across-tenants public.patients.patients_mother_fkey
-- finds: foreign-key-across-tenants public.visits.visits_patient_id_fkey
-- finds: key-across-tenants public.patients_pkey
-- finds: tenant-index-missing public.patients
\tenant_table public.patients (mother uuid)
alter table public.patients drop constraint patients_pkey, add primary key (id);
alter table public.patients add foreign key (mother) references public.patients;
\tenant_table public.visits (patient_id uuid)
alter table public.visits add foreign key (patient_id) references public.patients deferrable;
