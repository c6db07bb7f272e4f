-- The floor is there, and nothing that stands on it: the second of two policies was never made.
-- finds: policy-misses-role Zimmer "2".Bett
create schema "Zimmer ""2""";
grant usage on schema "Zimmer ""2""" to app;
create table "Zimmer ""2"""."Bett" (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id));
alter table "Zimmer ""2"""."Bett" owner to corpus_owner;
alter table "Zimmer ""2"""."Bett" enable row level security;
alter table "Zimmer ""2"""."Bett" force row level security;
create policy tenant_floor on "Zimmer ""2"""."Bett" as restrictive using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant insert (id) on "Zimmer ""2"""."Bett" to app;
