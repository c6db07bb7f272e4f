-- There is a row filter, and it says nothing of the tenant.
-- finds: publication-exports reporting
\tenant_table public.patients (done boolean)
create publication reporting for table public.patients where (done) with (publish = 'insert');
