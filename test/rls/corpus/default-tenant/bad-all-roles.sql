-- For everybody.
-- finds: default-tenant all roles
\tenant_table public.patients (name text)
alter role all set app.tenant_id = '00000000-0000-4000-8000-000000000001';
