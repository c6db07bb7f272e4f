-- The comparisons of numeric are not leakproof, but those of the tenant column are the policy's own, which nothing has to wait for.
create table public.patients (
  tenant_id numeric not null default nullif(current_setting('app.tenant_id', true), '')::numeric,
  number bigint not null,
  primary key (number, tenant_id)
);
alter table public.patients owner to corpus_owner;
alter table public.patients enable row level security;
alter table public.patients force row level security;
create policy tenant on public.patients to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::numeric));
create policy tenant_floor on public.patients as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::numeric));
grant select, insert on public.patients to app;
create index on public.patients (tenant_id);
