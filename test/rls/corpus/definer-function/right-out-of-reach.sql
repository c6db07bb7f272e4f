-- In a schema that the application cannot use, revoked from everybody, or not SECURITY DEFINER at all.
\tenant_table public.patients (name text)
create schema internal authorization corpus_owner;
create function internal.everybody() returns setof public.patients language sql stable security definer
  set search_path = pg_catalog, pg_temp as 'select * from public.patients';
create function public.everybody() returns setof public.patients language sql stable security definer
  set search_path = pg_catalog, pg_temp as 'select * from public.patients';
revoke execute on function public.everybody() from public;
create function public.my_patients() returns setof public.patients language sql stable as 'select * from public.patients';
