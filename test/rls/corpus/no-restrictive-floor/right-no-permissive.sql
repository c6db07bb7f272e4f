-- A partition that nobody is to read by name has row security without policies: no floor is needed where there are no rows.
create table public.log (tenant_id uuid not null, at timestamptz not null, id uuid not null, primary key (tenant_id, at, id))
  partition by range (at);
alter table public.log owner to corpus_owner;
alter table public.log enable row level security;
alter table public.log force row level security;
create policy tenant on public.log to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on public.log as restrictive using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert on public.log to app;
create schema log_months authorization corpus_owner;
create table log_months.log_2026 partition of public.log for values from ('2026-01-01 00:00+00') to ('2027-01-01 00:00+00');
alter table log_months.log_2026 owner to corpus_owner;
alter table log_months.log_2026 enable row level security;
alter table log_months.log_2026 force row level security;
