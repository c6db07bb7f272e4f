-- The attribute is reached by SET ROLE alone, which has to be given all the way: here the first or the second grant lacks it.
\tenant_table public.patients (name text)
create role corpus_dba nologin bypassrls;
create role corpus_operators nologin;
create role corpus_auditors nologin;
do $$ begin
  if current_setting('server_version_num')::int >= 160000 then
    execute 'grant corpus_dba to corpus_operators with admin false, inherit true, set true';
    execute 'grant corpus_operators to app with admin false, inherit true, set false';
    execute 'grant corpus_dba to corpus_auditors with admin false, inherit true, set false';
    execute 'grant corpus_auditors to app with admin false, inherit true, set true';
  end if;
end $$;
