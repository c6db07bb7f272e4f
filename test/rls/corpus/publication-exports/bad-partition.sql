-- Only a partition is published.
-- finds: publication-exports reporting
create table public.visits (
  tenant_id uuid not null, id uuid not null, at date not null, primary key (tenant_id, id, at)
) partition by range (at);
create table public.visits_2026 partition of public.visits for values from ('2026-01-01') to ('2027-01-01');
alter table public.visits owner to corpus_owner;
alter table public.visits_2026 owner to corpus_owner;
alter table public.visits enable row level security;
alter table public.visits force row level security;
alter table public.visits_2026 enable row level security;
alter table public.visits_2026 force row level security;
create policy tenant on public.visits to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on public.visits as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert on public.visits to app;
create publication reporting for table only public.visits_2026;
