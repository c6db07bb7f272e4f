-- What PostgreSQL gives to all in every new database.
-- finds: temporary-or-create database
\tenant_table public.patients (name text)
do $$ begin
  execute format('grant temporary on database %I to public', current_database());
end $$;
