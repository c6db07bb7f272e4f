-- The application may make a schema of its own name, which comes first in its search_path, and public is open as before PostgreSQL 15.
-- finds: temporary-or-create database
-- finds: temporary-or-create public
\tenant_table public.patients (name text)
do $$ begin
  execute format('grant create on database %I to app', current_database());
end $$;
grant create on schema public to public;
