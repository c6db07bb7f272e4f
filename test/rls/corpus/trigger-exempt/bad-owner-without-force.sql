-- The function belongs to an ordinary role, which owns a table that is not FORCEd; names that must be quoted.
-- finds: force-missing public.notes
-- finds: trigger-exempt Clinic"A".Größe
create role "Eigner ""x""" nologin;
grant usage on schema public to "Eigner ""x""";
create schema "Clinic""A""";
grant usage on schema "Clinic""A""" to app;
\tenant_table "Clinic""A"""."Größe" (name text)
\tenant_table public.notes (body text)
alter table public.notes owner to "Eigner ""x""";
alter table public.notes no force row level security;
create function public.copy_name() returns trigger language plpgsql security definer set search_path = pg_catalog
  as $$ begin update public.notes set body = new.name; return null; end $$;
alter function public.copy_name() owner to "Eigner ""x""";
revoke execute on function public.copy_name() from public;
create trigger "it's ""one""" after update on "Clinic""A"""."Größe" for each row execute function public.copy_name();
