-- Granted, but in a schema that the application cannot use; readable, but row security shows no row; and without any grant,
-- where a view that checks whoever asks gives none either.
create schema internal authorization corpus_owner;
create table internal.jobs (id uuid primary key, body text not null);
alter table internal.jobs owner to corpus_owner;
grant select, insert, update, delete on internal.jobs to app;
create table public.secrets (id uuid primary key, value text not null);
alter table public.secrets owner to corpus_owner;
alter table public.secrets enable row level security;
alter table public.secrets force row level security;
grant select on public.secrets to app;
create table public.schema_migrations (version text primary key);
alter table public.schema_migrations owner to corpus_owner;
create view public.latest_migration with (security_invoker) as select max(version) from public.schema_migrations;
alter view public.latest_migration owner to corpus_owner;
grant select on public.latest_migration to app;
