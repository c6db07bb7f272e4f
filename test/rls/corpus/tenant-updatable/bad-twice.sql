-- By the table and by the column, to the role and to PUBLIC.
-- finds: tenant-updatable public.patients
\tenant_table public.patients (name text)
grant update on public.patients to app, public;
grant update (tenant_id) on public.patients to app;
