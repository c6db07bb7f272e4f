-- Two columns, but the tenant that is compared is not the row's own.
-- finds: foreign-key-across-tenants public.visits.referred, "by"
\tenant_table public.patients (name text)
\tenant_table public.visits (referring_tenant_id uuid, patient_id uuid)
alter table public.visits add constraint "referred, ""by""" foreign key (referring_tenant_id, patient_id)
  references public.patients (tenant_id, id);
