-- PostgreSQL prints (tenant_id)::text, and the index serves all the same: a varchar is a text as it stands.
create table public.patients (tenant_id varchar(36) not null, id uuid not null, primary key (tenant_id, id));
alter table public.patients owner to corpus_owner;
alter table public.patients enable row level security;
alter table public.patients force row level security;
create policy tenant on public.patients to app
  using (tenant_id::text = (select nullif(current_setting('app.tenant_id', true), '')));
create policy tenant_floor on public.patients as restrictive
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')));
grant select, insert on public.patients to app;
