-- Case must not matter, so both sides are lowered.
-- finds: tenant-column-cast public.patients
-- finds: tenant-column-cast public.patients
create table public.patients (tenant_id text not null, id uuid not null, primary key (tenant_id, id));
alter table public.patients owner to corpus_owner;
alter table public.patients enable row level security;
alter table public.patients force row level security;
create policy tenant on public.patients to app
  using (lower(tenant_id) = (select lower(nullif(current_setting('app.tenant_id', true), ''))));
create policy tenant_floor on public.patients as restrictive
  using (lower(tenant_id) = (select lower(nullif(current_setting('app.tenant_id', true), ''))));
grant select, insert on public.patients to app;
