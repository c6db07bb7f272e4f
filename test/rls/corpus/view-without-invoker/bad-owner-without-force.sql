-- The view belongs to a member of the table's owner, who counts as the owner; names that must be quoted.
-- finds: force-missing public.patients
-- finds: view-without-invoker Clinic "A".Größe; --
\tenant_table public.patients (name text)
alter table public.patients no force row level security;
create role "Eigner ""x""" nologin in role corpus_owner;
alter policy tenant on public.patients to public;
create schema "Clinic ""A""";
grant usage on schema "Clinic ""A""" to app;
grant create on schema "Clinic ""A""" to "Eigner ""x""";
create view "Clinic ""A"""."Größe; --" as select count(*) as n from public.patients;
alter view "Clinic ""A"""."Größe; --" owner to "Eigner ""x""";
grant select on "Clinic ""A"""."Größe; --" to app;
