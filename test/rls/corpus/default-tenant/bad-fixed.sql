-- A tenant for what all share: its rows are everybody's.
-- finds: default-tenant public.templates
-- finds: no-restrictive-floor public.templates
\tenant_table public.templates (name text)
drop policy tenant_floor on public.templates;
alter policy tenant on public.templates using (tenant_id in ((select nullif(current_setting('app.tenant_id', true), '')::uuid), '00000000-0000-4000-8000-000000000000'));
