-- UPDATE on the table is UPDATE on the tenant too.
-- finds: tenant-updatable public.patients
\tenant_table public.patients (name text, born date)
grant update on public.patients to app;
