-- The owner's own policy lets it see all, and does not: the restrictive floor is for every role, so for the view's owner too.
\tenant_table public.patients (name text)
create policy move on public.patients to corpus_owner using (true);
create view public.patient_names as select name from public.patients;
alter view public.patient_names owner to corpus_owner;
grant select on public.patient_names to app;
