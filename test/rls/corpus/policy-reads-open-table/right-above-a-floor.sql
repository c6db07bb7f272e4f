-- A list that the application can write opens the permissive policy, and the floor holds what it opens to the tenant.
-- with: {"shared": ["public.features"]}
create table public.features (name text primary key, enabled boolean not null);
alter table public.features owner to corpus_owner;
grant select, insert on public.features to app;
\tenant_table public.patients (name text)
alter policy tenant on public.patients
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) or (select enabled from public.features where name = 'demo'));
