-- What the application names checks whoever asks. What lies behind does not.
-- finds: view-without-invoker internal.all_patients
\tenant_table public.patients (name text)
create schema internal authorization corpus_owner;
create view internal.all_patients as select id, name from public.patients;
grant select on internal.all_patients to app;
create view public.patient_names with (security_invoker = true) as select name from internal.all_patients;
alter view public.patient_names owner to corpus_owner;
grant select on public.patient_names to app;
