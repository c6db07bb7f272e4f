-- For convenience in development. Names of settings are the same in any case.
-- finds: default-tenant app
\tenant_table public.patients (name text)
alter role app set "App"."Tenant_ID" = '00000000-0000-4000-8000-000000000001';
