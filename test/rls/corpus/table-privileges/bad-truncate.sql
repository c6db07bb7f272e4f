-- TRUNCATE asks no policy.
-- finds: table-privileges public.patients
\tenant_table public.patients (name text)
grant truncate on public.patients to app;
