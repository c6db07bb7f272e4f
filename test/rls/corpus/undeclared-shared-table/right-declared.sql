-- A shared table and its partitions, which need no declaration of their own; a view that is declared in place of its table.
-- with: {"shared": ["public.holidays", "public.clinic_names"]}
create table public.holidays (country text not null, day date not null, primary key (country, day)) partition by list (country);
create table public.holidays_at partition of public.holidays for values in ('at');
alter table public.holidays owner to corpus_owner;
alter table public.holidays_at owner to corpus_owner;
grant select on public.holidays, public.holidays_at to app;
create table public.clinics (id uuid primary key, name text not null, iban text);
alter table public.clinics owner to corpus_owner;
create view public.clinic_names as select name from public.clinics;
alter view public.clinic_names owner to corpus_owner;
grant select on public.clinic_names to app;
