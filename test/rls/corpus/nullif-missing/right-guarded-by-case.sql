-- The cast stands bare, but CASE gets to it only where there is something to cast.
\tenant_table public.patients (name text)
alter policy tenant on public.patients using (tenant_id = (select case when current_setting('app.tenant_id', true) is null
    or current_setting('app.tenant_id', true) = '' then null else current_setting('app.tenant_id', true)::uuid end));
