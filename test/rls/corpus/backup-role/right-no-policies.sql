-- An ordinary role, in a database where no table has row security: all of them are shared.
-- with: {"backupRoles": ["corpus_backup"], "shared": ["public.countries"]}
create role corpus_backup login in role pg_read_all_data;
create table public.countries (code text primary key);
alter table public.countries owner to corpus_owner;
grant select on public.countries to app;
