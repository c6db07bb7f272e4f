-- A view past the policies lies behind one that checks whoever asks, and the application may not read it: an error, not a row.
\tenant_table public.patients (name text)
create schema internal authorization corpus_owner;
create view internal.all_patients as select id, name from public.patients;
create view public.patient_names with (security_invoker) as select name from internal.all_patients;
alter view public.patient_names owner to corpus_owner;
grant select on public.patient_names to app;
