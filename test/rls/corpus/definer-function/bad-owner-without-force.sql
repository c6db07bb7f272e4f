-- The body is of the SQL standard, and reads a view. Both belong to the table's owner, whom policies do not hold.
-- finds: definer-function public.count_patients()
-- finds: force-missing public.patients
\tenant_table public.patients (name text)
alter table public.patients no force row level security;
create view public.patient_names with (security_invoker) as select name from public.patients;
alter view public.patient_names owner to corpus_owner;
create function public.count_patients() returns bigint language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic select count(*) from public.patient_names; end;
alter function public.count_patients() owner to corpus_owner;
