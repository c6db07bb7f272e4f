-- The application has the owner's privileges and cannot become it, so that nothing else gives it BYPASSRLS. The function does.
-- finds: definer-function public.all_names()
\tenant_table public.patients (name text)
create role corpus_dba nologin bypassrls;
do $$ begin
  if current_setting('server_version_num')::int >= 160000 then
    execute 'grant corpus_dba to app with admin false, inherit true, set false';
  end if;
end $$;
grant usage on schema public to corpus_dba;
grant select on public.patients to corpus_dba;
create function public.all_names() returns setof text language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic select name from public.patients; end;
alter function public.all_names() owner to corpus_dba;
