-- The table that decides is behind a view, and shows all tenants who is a member of which.
-- with: {"settings": ["app.user_id"]}
-- finds: policy-reads-open-table public.patients
-- finds: other-setting public.patients
-- finds: no-restrictive-floor public.patients
-- finds: rls-disabled public.grants
create table public.grants (tenant_id uuid not null, user_id uuid not null, primary key (tenant_id, user_id));
alter table public.grants owner to corpus_owner;
grant select on public.grants to app;
create view public.my_grants with (security_invoker) as select * from public.grants;
alter view public.my_grants owner to corpus_owner;
grant select on public.my_grants to app;
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
alter policy tenant on public.patients using (tenant_id in (
  select tenant_id from public.my_grants where user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)));
