-- One table of two was forgotten, in a schema and under names that must be quoted.
-- finds: rls-disabled Clinic "A".Größe
create schema "Clinic ""A""";
grant usage on schema "Clinic ""A""" to app;
\tenant_table public.patients (name text)
create table "Clinic ""A"""."Größe" (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id));
alter table "Clinic ""A"""."Größe" owner to corpus_owner;
grant select on "Clinic ""A"""."Größe" to app;
