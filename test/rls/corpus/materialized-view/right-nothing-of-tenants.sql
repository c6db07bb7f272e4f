-- One is made of a shared table, one is declared, and one is for the operators.
-- with: {"shared": ["public.countries", "public.total"]}
\tenant_table public.visits (at date)
create table public.countries (code text primary key, name text not null);
alter table public.countries owner to corpus_owner;
grant select on public.countries to app;
create materialized view public.country_names as select name from public.countries;
create materialized view public.total as select count(*) from public.visits;
create materialized view public.visits_by_clinic as select tenant_id, count(*) from public.visits group by tenant_id;
create role corpus_operators nologin;
grant select on public.visits_by_clinic to corpus_operators;
grant select on public.country_names, public.total to app;
