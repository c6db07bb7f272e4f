-- The owner is a member of a role with BYPASSRLS, which members do not inherit, and of the table's owner, whom FORCE holds too.
\tenant_table public.patients (name text)
create role corpus_dba nologin bypassrls;
create role corpus_service nologin in role corpus_dba, corpus_owner;
create function public.count_patients() returns bigint language sql stable security definer set search_path = pg_catalog, pg_temp
  as 'select count(*) from public.patients';
alter function public.count_patients() owner to corpus_service;
