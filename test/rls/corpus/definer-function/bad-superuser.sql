-- Everybody may execute a function until that is revoked.
-- finds: definer-function public.find_patient(text)
\tenant_table public.patients (name text)
create function public.find_patient(wanted text) returns setof public.patients language sql stable security definer
  set search_path = pg_catalog, pg_temp as 'select * from public.Patients where name = wanted';
