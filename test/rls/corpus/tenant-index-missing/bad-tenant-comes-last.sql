-- The tenant is in the key, but last, where an index is of no use for it.
-- finds: tenant-index-missing public.patients
\tenant_table public.patients (name text)
alter table public.patients drop constraint patients_pkey, add primary key (id, tenant_id);
