-- The setting is read and cast for each row.
-- finds: setting-per-row public.patients
\tenant_table public.patients (name text)
alter policy tenant_floor on public.patients using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
