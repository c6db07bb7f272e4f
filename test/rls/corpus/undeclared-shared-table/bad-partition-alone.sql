-- The table itself is granted to nobody. The application has been given one partition of it.
-- finds: undeclared-shared-table public.letters_2026
create table public.letters (id int not null, at date not null) partition by range (at);
create table public.letters_2026 partition of public.letters for values from ('2026-01-01') to ('2027-01-01');
create table public.letters_2027 partition of public.letters for values from ('2027-01-01') to ('2028-01-01');
alter table public.letters owner to corpus_owner;
alter table public.letters_2026 owner to corpus_owner;
grant select on public.letters_2026 to app;
