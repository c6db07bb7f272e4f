-- A barrier, and the right condition, but no CHECK OPTION: the application inserts rows for other tenants.
-- finds: view-without-invoker public.patients_of_mine
\tenant_table public.patients (name text)
create view public.patients_of_mine with (security_barrier) as select * from public.patients
  where tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert on public.patients_of_mine to app;
