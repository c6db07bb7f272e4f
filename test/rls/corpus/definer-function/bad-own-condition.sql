-- It compares tenants by itself, which holds until somebody changes it; and it is past the policies for the next one who copies it.
-- finds: definer-function public.my_patients()
\tenant_table public.patients (name text)
create function public.my_patients() returns setof public.patients language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$ select * from public.patients where tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid $$;
