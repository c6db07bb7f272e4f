-- Without security_invoker, and right: the owner obeys policies, these are for all roles, and they depend on the setting alone.
\tenant_table public.patients (name text)
alter policy tenant on public.patients to public;
create view public.patient_names as select name from public.patients;
alter view public.patient_names owner to corpus_owner;
grant select on public.patient_names to app;
