-- The cast is in a function: tried with '', it fails, and with nothing set, it does not.
-- finds: nullif-missing public.patients
create function public.tenant() returns uuid stable language sql
  as $$ select current_setting('app.tenant_id', true)::uuid $$;
\tenant_table public.patients (name text)
alter policy tenant on public.patients using (tenant_id = (select public.tenant()));
