-- It is the options that are in another case here.
-- with: {"tenantSetting": "App.Tenant_ID"}
create function public.tenant() returns uuid stable language sql
  return nullif(current_setting('app.tenant_ID', true), '')::uuid;
\tenant_table public.patients (name text)
alter policy tenant on public.patients using (tenant_id = (select public.tenant()));
