-- The table is granted to nobody, in a schema that nobody can use. A view shows it with the rights of its owner.
-- finds: undeclared-shared-table public.directory
create schema internal authorization corpus_owner;
create table internal.staff (id uuid primary key, name text not null, clinic text not null);
alter table internal.staff owner to corpus_owner;
create view public.directory as select name, clinic from internal.staff;
alter view public.directory owner to corpus_owner;
grant select on public.directory to app;
