-- Written as CASE, inside of another condition, and in the floor as well; both must be mended.
-- with: {"settings": ["app.role"]}
-- finds: bypass-setting public.patients
-- finds: bypass-setting public.patients
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (deleted_at timestamptz)
alter policy tenant on public.patients using (deleted_at is null and
  case when (select current_setting('app.role', true)) = 'support' then true else tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) end);
alter policy tenant_floor on public.patients
  using (not (tenant_id <> (select nullif(current_setting('app.tenant_id', true), '')::uuid) and (select coalesce(current_setting('app.role', true), '')) <> 'support'));
