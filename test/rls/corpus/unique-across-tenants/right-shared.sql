-- Countries belong to nobody, and their names are unique for all.
-- with: {"shared": ["public.countries"]}
\tenant_table public.patients (country text)
create table public.countries (code text primary key, name text not null unique);
alter table public.countries owner to corpus_owner;
grant select on public.countries to app;
