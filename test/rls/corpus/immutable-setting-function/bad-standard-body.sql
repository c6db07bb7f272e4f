-- The body is kept as a tree; and the policy calls it through another function.
-- finds: immutable-setting-function public.setting()
create function public.setting() returns text immutable language sql
  return nullif(current_setting('app.tenant_id', true), '');
create function public.tenant() returns uuid stable language sql return public.setting()::uuid;
\tenant_table public.patients (name text)
alter policy tenant on public.patients using (tenant_id = (select public.tenant()));
