-- The view compares tenants itself. A function in the query around it runs before that comparison and sees the rest.
-- finds: view-without-invoker public.patient_names
\tenant_table public.patients (name text)
create view public.patient_names as select id, name from public.patients
  where tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select on public.patient_names to app;
