-- Whoever is a member sees the tenant, whichever is set: right for itself, and not what the other tables do.
-- with: {"settings": ["app.user_id"]}
-- finds: other-setting public.patients
-- finds: policy-drift public.visits
-- finds: no-restrictive-floor public.patients
-- finds: no-restrictive-floor public.visits
\tenant_table public.members (user_id uuid)
\tenant_table public.patients (name text)
\tenant_table public.visits (member_id uuid)
drop policy tenant_floor on public.patients;
drop policy tenant_floor on public.visits;
alter policy tenant on public.patients using (tenant_id in (
  select tenant_id from public.members where user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)));
alter policy tenant on public.visits using (exists (
  select from public.members where members.tenant_id = visits.tenant_id and members.id = visits.member_id));
