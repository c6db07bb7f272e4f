-- Since PostgreSQL 16 a membership may give neither the privileges nor SET ROLE. With ADMIN it gives the right to grant oneself both.
-- finds: login-role-bypasses corpus_dba
\tenant_table public.patients (name text)
create role corpus_dba nologin bypassrls;
do $$ begin
  if current_setting('server_version_num')::int >= 160000 then
    execute 'grant corpus_dba to app with admin true, inherit false, set false';
  else
    grant corpus_dba to app with admin option;
  end if;
end $$;
