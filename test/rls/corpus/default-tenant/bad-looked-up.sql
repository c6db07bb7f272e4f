-- Which tenant it falls back on is in a table, so that the policy does not show it.
-- with: {"shared": ["public.plans"]}
-- finds: default-tenant public.patients
-- finds: no-restrictive-floor public.patients
create table public.plans (code text primary key, demo uuid);
alter table public.plans owner to corpus_owner;
grant select on public.plans to app;
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
alter policy tenant on public.patients using (tenant_id = coalesce((select nullif(current_setting('app.tenant_id', true), '')::uuid), (select demo from public.plans where code = 'demo')));
