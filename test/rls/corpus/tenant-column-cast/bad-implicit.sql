-- Nothing in the text is cast but the setting; PostgreSQL casts the column to numeric by itself.
-- finds: tenant-column-cast public.patients
create table public.patients (tenant_id bigint not null, id uuid not null, primary key (tenant_id, id));
alter table public.patients owner to corpus_owner;
alter table public.patients enable row level security;
alter table public.patients force row level security;
create policy tenant on public.patients to app using (true);
create policy tenant_floor on public.patients as restrictive
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::numeric));
grant select, insert on public.patients to app;
