-- It asks whether no tenant is set, and closes then.
\tenant_table public.patients (name text)
alter policy tenant on public.patients
  using (case when (select nullif(current_setting('app.tenant_id', true), '')) is null then false
    else coalesce(tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid), false) end);
