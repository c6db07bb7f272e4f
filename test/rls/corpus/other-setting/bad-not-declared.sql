-- A condition more, by a setting that is not declared and is therefore never set with the transaction.
-- finds: other-setting public.patients
\tenant_table public.patients (doctor text)
alter policy tenant on public.patients
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and doctor = (select current_setting('app.user_id', true)));
