-- NULL, twice negated, is true.
-- finds: open-without-context public.patients
-- finds: open-without-context public.patients
\tenant_table public.patients (name text)
alter policy tenant on public.patients using ((tenant_id <> (select nullif(current_setting('app.tenant_id', true), '')::uuid)) is not true);
alter policy tenant_floor on public.patients using (tenant_id = coalesce((select nullif(current_setting('app.tenant_id', true), '')::uuid), tenant_id));
