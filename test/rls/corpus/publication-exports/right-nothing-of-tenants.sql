-- A publication with no table in it yet, and one of a schema without tables of tenants.
-- with: {"shared": ["lists.countries"]}
\tenant_table public.patients (name text)
create schema lists;
grant usage on schema lists to app;
create table lists.countries (code text primary key);
alter table lists.countries owner to corpus_owner;
grant select on lists.countries to app;
create publication empty;
create publication lists for tables in schema lists;
