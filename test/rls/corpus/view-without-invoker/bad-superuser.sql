-- Made by a migration that ran as a superuser, for whom no policy applies.
-- finds: view-without-invoker public.patient_names
\tenant_table public.patients (name text)
create view public.patient_names as select tenant_id, id, name from public.patients;
grant select on public.patient_names to app;
