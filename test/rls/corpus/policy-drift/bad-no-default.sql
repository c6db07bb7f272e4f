-- Two tables fill the tenant in from the setting, and in one it was forgotten.
-- finds: policy-drift Zahn "Größe".Röntgen 1'; --
create schema "Zahn ""Größe""";
grant usage on schema "Zahn ""Größe""" to app;
\tenant_table public.patients (name text)
\tenant_table public.visits (name text)
\tenant_table public.bills (name text)
alter table public.bills alter column tenant_id drop default;
alter table public.bills rename to "Röntgen 1'; --";
alter table public."Röntgen 1'; --" set schema "Zahn ""Größe""";
