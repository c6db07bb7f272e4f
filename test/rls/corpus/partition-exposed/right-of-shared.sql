-- Parts of a table that belongs to nobody, one of which must not be written to.
-- with: {"shared": ["public.holidays"]}
create table public.holidays (country text not null, day date not null, primary key (country, day)) partition by list (country);
create table public.holidays_at partition of public.holidays for values in ('at');
create table public.holidays_de partition of public.holidays for values in ('de');
alter table public.holidays owner to corpus_owner;
alter table public.holidays_at owner to corpus_owner;
alter table public.holidays_de owner to corpus_owner;
alter table public.holidays enable row level security;
create policy everybody on public.holidays for select to app using (true);
grant select on public.holidays, public.holidays_at to app;
