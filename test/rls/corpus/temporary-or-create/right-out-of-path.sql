-- The application may create in two schemas, but its path in this database has neither, and prevails over its path elsewhere and over
-- the database's.
create schema scratch;
grant usage, create on schema scratch, public to app;
\tenant_table public.patients (name text)
alter role app set search_path = scratch;
do $$ begin
  execute format('alter role app in database %I set search_path = clinic, "scratch ""2"""', current_database());
  execute format('alter database %I set search_path = public', current_database());
end $$;
