-- The path is set, and holds a schema in which the application may create what it likes; names that must be quoted.
-- finds: definer-search-path public.tu"s(text, integer)
create role "Eigner ""x""" nologin;
create schema "Clinic, ""A""";
grant usage, create on schema "Clinic, ""A""" to app;
create function public."tu""s"(line text, n int) returns void language plpgsql security definer
  set search_path = pg_catalog, "Clinic, ""A""", pg_temp as $$ begin insert into log values (line); end $$;
alter function public."tu""s"(text, int) owner to "Eigner ""x""";
