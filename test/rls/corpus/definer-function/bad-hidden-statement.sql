-- A procedure that makes up its statements, so that nobody can read them in its body; names that must be quoted.
-- finds: definer-function Clinic "A".tu's"(text, integer)
\tenant_table public.patients (name text)
create role "Eigner ""x""" nologin bypassrls;
create schema "Clinic ""A""";
grant usage on schema "Clinic ""A""" to app;
grant create on schema "Clinic ""A""" to "Eigner ""x""";
create procedure "Clinic ""A"""."tu's"""(what text, n int) language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$ begin execute what using n; end $$;
alter procedure "Clinic ""A"""."tu's"""(text, int) owner to "Eigner ""x""";
