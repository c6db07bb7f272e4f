-- The application cannot use the schema, so it cannot name the function. A view that calls it needs no USAGE.
-- finds: definer-function internal.everybody()
\tenant_table public.patients (name text)
create schema internal authorization corpus_owner;
create function internal.everybody() returns setof public.patients language sql stable security definer
  set search_path = pg_catalog, pg_temp as 'select * from public.patients';
create view public.everybody with (security_invoker) as select * from internal.everybody();
alter view public.everybody owner to corpus_owner;
grant select on public.everybody to app;
