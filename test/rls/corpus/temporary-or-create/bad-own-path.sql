-- The schemas are not in the default search_path, but in that of the application's role, among names that must be quoted.
-- finds: temporary-or-create Clinic, "A"
-- finds: temporary-or-create app
create schema "Clinic, ""A""";
create schema app;
grant usage, create on schema "Clinic, ""A""", app to app;
alter role app set search_path = PUBLIC, "Clinic, ""A""", "$user";
\tenant_table public.patients (name text)
