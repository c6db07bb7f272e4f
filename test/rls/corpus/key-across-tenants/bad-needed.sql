-- A list that all tenants see refers to the key, which cannot be replaced before somebody has decided about the list.
-- with: {"shared": ["public.case_studies"]}
-- finds: foreign-key-across-tenants public.case_studies.case_studies_patient_fkey
-- finds: key-across-tenants public.patients_pkey
\tenant_table public.patients (name text)
alter table public.patients drop constraint patients_pkey, add primary key (id);
create index on public.patients (tenant_id);
create table public.case_studies (title text primary key, patient uuid references public.patients);
alter table public.case_studies owner to corpus_owner;
grant select on public.case_studies to app;
