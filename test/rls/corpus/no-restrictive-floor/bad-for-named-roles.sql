-- The floor is for the application's role: not for the next one, and before 15.20 not after its DROP OWNED BY.
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (name text)
alter policy tenant_floor on public.patients to app;
