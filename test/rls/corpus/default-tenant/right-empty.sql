-- The role is given no tenant on purpose, which wins over what is set for all; and '' is no tenant.
\tenant_table public.patients (name text)
alter role app set app.tenant_id = '';
alter role all set app.tenant_id = '00000000-0000-4000-8000-000000000001';
