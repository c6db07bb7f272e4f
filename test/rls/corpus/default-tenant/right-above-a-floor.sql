-- The permissive policy falls back on a tenant, and the floor does not, so that there are no rows of it. coalesce() with ''
-- is no fallback.
\tenant_table public.templates (name text)
alter policy tenant on public.templates using (tenant_id = (select coalesce(
  nullif(coalesce(current_setting('app.tenant_id', true), ''), '')::uuid, '00000000-0000-4000-8000-000000000000')));
