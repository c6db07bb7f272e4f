-- Row security is on where there are tenants; the list of countries belongs to nobody and is declared.
-- with: {"shared": ["public.countries"]}
\tenant_table public.patients (name text, country text)
create table public.countries (code text primary key, name text not null);
alter table public.countries owner to corpus_owner;
grant select on public.countries to app;
