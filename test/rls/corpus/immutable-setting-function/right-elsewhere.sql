-- The function is as wrong as can be, and no policy calls it.
create function public.tenant() returns uuid immutable language sql
  return nullif(current_setting('app.tenant_id', true), '')::uuid;
create function public.current_tenant() returns uuid stable language sql
  return nullif(current_setting('app.tenant_id', true), '')::uuid;
\tenant_table public.patients (name text)
alter policy tenant on public.patients using (tenant_id = (select public.current_tenant()));
