-- The application has the owner's privileges and cannot become it, so that nothing else gives it BYPASSRLS. The view does.
-- finds: view-without-invoker public.directory
\tenant_table public.patients (name text)
create role corpus_dba nologin bypassrls;
do $$ begin
  if current_setting('server_version_num')::int >= 160000 then
    execute 'grant corpus_dba to app with admin false, inherit true, set false';
  end if;
end $$;
grant usage on schema public to corpus_dba;
grant select on public.patients to corpus_dba;
create view public.directory as select tenant_id, name from public.patients;
alter view public.directory owner to corpus_dba;
grant select on public.directory to app;
