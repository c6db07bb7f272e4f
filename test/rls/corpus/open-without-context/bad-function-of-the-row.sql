-- The policy compares, so it seems; what the function does with no tenant shows only when it is run. It is in a schema and
-- under a name that must be quoted.
-- finds: open-without-context public.patients
-- finds: no-restrictive-floor public.patients
create schema "Über ""all""";
grant usage on schema "Über ""all""" to app;
create function "Über ""all"""."sees('; --"(tenant uuid) returns boolean stable language plpgsql as $$
declare
  current text := nullif(current_setting('app.tenant_id', true), '');
begin
  if current is null then return true; end if;
  return current::uuid = tenant;
end $$;
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
alter policy tenant on public.patients
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) or "Über ""all"""."sees('; --"(tenant_id));
