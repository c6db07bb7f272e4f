-- The tenant column is in the index, but only carried along.
-- finds: unique-across-tenants public.patients_email_tenant_id_key
\tenant_table public.patients (email text, name text)
alter table public.patients add unique (email) include (tenant_id);
