-- The fallback is in a function: it answers a tenant where there is none.
-- finds: default-tenant public.patients
-- finds: no-restrictive-floor public.patients
create function public.tenant() returns uuid stable language plpgsql as $$ begin
  return current_setting('app.tenant_id')::uuid;
exception when others then return '00000000-0000-4000-8000-000000000001';
end $$;
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
alter policy tenant on public.patients using (tenant_id = (select public.tenant()));
