-- String(null) of a careless caller, taken for "all".
-- finds: open-without-context public.patients
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
alter policy tenant on public.patients
  using (tenant_id = (select nullif(nullif(current_setting('app.tenant_id', true), ''), 'null')::uuid)
    or (select current_setting('app.tenant_id', true)) in ('null', 'undefined'));
