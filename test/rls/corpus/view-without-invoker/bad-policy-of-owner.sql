-- The owner has a policy of its own, to move data. The restrictive floor is for the application alone, and the view is not it.
-- finds: view-without-invoker public.patient_names
\tenant_table public.patients (name text)
create policy move on public.patients to corpus_owner using (true);
alter policy tenant_floor on public.patients to app;
create view public.patient_names as select name from public.patients;
alter view public.patient_names owner to corpus_owner;
grant select on public.patient_names to app;
