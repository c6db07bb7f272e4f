-- A function of one's own is called for each row, STABLE or not.
-- finds: setting-per-row public.patients
create function public.tenant() returns uuid stable language sql
  as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;
\tenant_table public.patients (name text)
alter policy tenant on public.patients using (tenant_id = public.tenant());
