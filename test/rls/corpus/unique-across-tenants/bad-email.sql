-- Whether another clinic knows somebody is told by an error.
-- finds: unique-across-tenants public.patients_email_key
\tenant_table public.patients (email text)
alter table public.patients add unique nulls not distinct (email) deferrable initially deferred;
