-- The switch is in a function, which says no while it is tried.
-- finds: bypass-setting public.patients
-- finds: no-restrictive-floor public.patients
create function public.is_support() returns boolean stable language sql
  as $$ select coalesce(current_setting('app.support', true) = 'on', false) /* not current_setting('app.tenant_id') */ $$;
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
alter policy tenant on public.patients using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) or (select public.is_support()));
