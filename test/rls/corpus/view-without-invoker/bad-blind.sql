-- The owner obeys policies, but the one that lets rows through is for the application: the view shows nothing.
-- finds: view-without-invoker public.patient_names
\tenant_table public.patients (name text)
create view public.patient_names as select name from public.patients;
alter view public.patient_names owner to corpus_owner;
grant select on public.patient_names to app;
