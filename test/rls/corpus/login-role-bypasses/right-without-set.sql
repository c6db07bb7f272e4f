-- BYPASSRLS is no privilege that members inherit, and since PostgreSQL 16 a membership can leave out SET ROLE.
\tenant_table public.patients (name text)
create role corpus_dba nologin bypassrls;
create role corpus_root nologin superuser;
do $$ begin
  if current_setting('server_version_num')::int >= 160000 then
    execute 'grant corpus_dba to app with inherit true, set false';
    execute 'grant corpus_root to app with inherit false, set false';
  end if;
end $$;
alter role app inherit;
