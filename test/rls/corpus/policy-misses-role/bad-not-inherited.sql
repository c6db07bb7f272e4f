-- The role is a member, and yet does not have its privileges until it becomes it: policies go by what it has.
-- finds: policy-misses-role Zimmer "2".Bett
create role "corpus ""Büro"" '; --";
create schema "Zimmer ""2""";
grant usage on schema "Zimmer ""2""" to app;
alter role app noinherit;
grant "corpus ""Büro"" '; --" to app;
create table "Zimmer ""2"""."Bett" (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id));
alter table "Zimmer ""2"""."Bett" owner to corpus_owner;
alter table "Zimmer ""2"""."Bett" enable row level security;
alter table "Zimmer ""2"""."Bett" force row level security;
create policy tenant on "Zimmer ""2"""."Bett" to "corpus ""Büro"" '; --" using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on "Zimmer ""2"""."Bett" as restrictive using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select on "Zimmer ""2"""."Bett" to app;
