-- One tenant's rows go to that tenant's warehouse. The shared list goes whole, and a second publication sends no rows at all.
-- with: {"shared": ["public.countries"]}
\tenant_table public.patients (done boolean)
create table public.countries (code text primary key);
alter table public.countries owner to corpus_owner;
grant select on public.countries to app;
create publication warehouse for table
  public.patients where (done and tenant_id = 'aaaaaaaa-0000-4000-8000-00000000000a'), public.countries
  with (publish = 'insert');
create publication truncations for table public.patients with (publish = 'truncate');
