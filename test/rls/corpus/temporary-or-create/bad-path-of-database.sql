-- The schema is in the path that the database gives to all, written as a setting from before was.
-- finds: temporary-or-create clinic
create schema clinic;
grant usage, create on schema clinic to app;
\tenant_table public.patients (name text)
do $$ begin
  perform set_config('search_path', 'Public, CLINIC', true);
  execute format('alter database %I set search_path from current', current_database());
  perform set_config('search_path', 'public', true);
end $$;
