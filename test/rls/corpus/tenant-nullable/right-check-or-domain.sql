-- Neither column is declared NOT NULL: one has a validated check, as an online migration leaves it, the other a type without NULL.
\tenant_table public.patients (name text)
alter table public.patients drop constraint patients_pkey;
alter table public.patients alter column tenant_id drop not null;
alter table public.patients add unique (tenant_id, id);
alter table public.patients add constraint has_tenant check (tenant_id is not null);
create domain public.tenant as uuid not null;
create table public.visits (
  tenant_id public.tenant default nullif(current_setting('app.tenant_id', true), '')::uuid,
  id uuid not null default gen_random_uuid(),
  unique (tenant_id, id)
);
alter table public.visits owner to corpus_owner;
alter table public.visits enable row level security;
alter table public.visits force row level security;
create policy tenant on public.visits to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on public.visits as restrictive to public using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert on public.visits to app;
