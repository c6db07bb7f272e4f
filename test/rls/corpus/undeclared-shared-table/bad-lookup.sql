-- A list that nobody declared. It may hold what belongs to all, or what one tenant must not see of another.
-- finds: undeclared-shared-table public.price_lists
\tenant_table public.patients (name text)
create table public.price_lists (id uuid primary key, clinic text not null, price numeric not null);
alter table public.price_lists owner to corpus_owner;
grant select on public.price_lists to app;
