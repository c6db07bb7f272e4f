-- The only index that begins with the tenant leaves rows out, so a query that does not say which cannot use it.
-- finds: tenant-index-missing public.Größe_"A"
\tenant_table public."Größe_""A""" (deleted_at timestamptz)
alter table public."Größe_""A""" drop constraint "Größe_""A""_pkey", add primary key (id, tenant_id);
create index on public."Größe_""A""" (tenant_id) where deleted_at is null;
