-- Neither membership gives a privilege, but each gives SET ROLE, which is all that it takes over two of them.
-- finds: login-role-bypasses corpus_dba
\tenant_table public.patients (name text)
create role corpus_dba nologin bypassrls;
create role corpus_operators nologin;
do $$ begin
  if current_setting('server_version_num')::int >= 160000 then
    execute 'grant corpus_dba to corpus_operators with admin false, inherit false, set true';
    execute 'grant corpus_operators to app with admin false, inherit false, set true';
  else
    grant corpus_dba to corpus_operators;
    grant corpus_operators to app;
  end if;
end $$;
