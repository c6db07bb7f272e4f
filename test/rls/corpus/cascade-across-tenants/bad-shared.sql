-- A tenant that deletes its row takes one away that all tenants see.
-- with: {"shared": ["public.case_studies"]}
-- finds: cascade-across-tenants public.case_studies.case_studies_tenant_fkey
\tenant_table public.patients (name text)
create table public.case_studies (title text primary key, clinic uuid, patient uuid);
alter table public.case_studies owner to corpus_owner;
grant select on public.case_studies to app;
alter table public.case_studies add constraint case_studies_tenant_fkey
  foreign key (clinic, patient) references public.patients (tenant_id, id) on delete cascade;
