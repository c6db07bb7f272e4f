-- Memberships decide, and whoever can write SQL can join any tenant.
-- with: {"shared": ["public.members"], "settings": ["app.user_id"]}
-- finds: policy-reads-open-table public.patients
-- finds: other-setting public.patients
-- finds: no-restrictive-floor public.patients
create table public.members (user_id uuid not null, tenant_id uuid not null, primary key (user_id, tenant_id));
alter table public.members owner to corpus_owner;
grant select, insert on public.members to app;
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
alter policy tenant on public.patients using (tenant_id in (
  select tenant_id from public.members where user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)));
