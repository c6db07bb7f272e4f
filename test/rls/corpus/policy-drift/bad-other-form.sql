-- A list of tenants in the one setting, and rows without a tenant in another table.
-- finds: policy-drift public.patients
-- finds: policy-drift public.visits
-- finds: tenant-nullable public.visits
\tenant_table public.patients (name text)
alter policy tenant on public.patients
  using (tenant_id = any ((select string_to_array(nullif(current_setting('app.tenant_id', true), ''), ','))::uuid[]));
alter policy tenant_floor on public.patients
  using (tenant_id = any ((select string_to_array(nullif(current_setting('app.tenant_id', true), ''), ','))::uuid[]));
create table public.visits (tenant_id uuid, name text);
alter table public.visits owner to corpus_owner;
alter table public.visits enable row level security;
alter table public.visits force row level security;
create policy tenant on public.visits to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) or tenant_id is null);
create policy tenant_floor on public.visits as restrictive using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) or tenant_id is null);
create index on public.visits (tenant_id);
grant select on public.visits to app;
