-- The table without row security has a namesake that has policies, and is declared; row security was off for a while.
-- with: {"shared": ["archive.patients"]}
\tenant_table public.patients (name text)
alter table public.patients disable row level security;
alter table public.patients enable row level security;
create schema archive authorization corpus_owner;
create table archive.patients (year int primary key, visits bigint not null);
alter table archive.patients owner to corpus_owner;
grant usage on schema archive to app;
grant select on archive.patients to app;
