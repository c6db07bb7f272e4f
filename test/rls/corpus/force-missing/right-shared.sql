-- Row security on a shared table keeps the application from changing it, and its owner shall. Nothing in it is a tenant's.
-- with: {"shared": ["public.holidays"]}
\tenant_table public.patients (name text)
create table public.holidays (day date primary key, name text not null);
alter table public.holidays owner to corpus_owner;
alter table public.holidays enable row level security;
create policy everybody on public.holidays for select to app using (true);
grant select on public.holidays to app;
