-- A key that is a text needs no cast, so '' is compared and equals no tenant.
create table public.patients (tenant_id text not null check (tenant_id <> ''), id uuid not null, primary key (tenant_id, id));
alter table public.patients owner to corpus_owner;
alter table public.patients enable row level security;
alter table public.patients force row level security;
create policy tenant on public.patients to app using (tenant_id = (select current_setting('app.tenant_id', true)));
create policy tenant_floor on public.patients as restrictive using (tenant_id = (select current_setting('app.tenant_id', true)));
grant select, insert on public.patients to app;
