-- Nobody can guess the key, but who has seen it can use it in ON CONFLICT.
-- finds: key-across-tenants public.patients_pkey
\tenant_table public.patients (name text)
alter table public.patients drop constraint patients_pkey, add primary key (id);
create index on public.patients (tenant_id);
