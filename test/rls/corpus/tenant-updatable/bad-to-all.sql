-- Granted to PUBLIC, for one column, whose name must be quoted.
-- with: {"tenantColumn": "tenant \"id\"; --"}
-- finds: tenant-updatable public.patients
\tenant_table public.patients (height int)
alter table public.patients rename column tenant_id to "tenant ""id""; --";
grant update ("tenant ""id""; --") on public.patients to public;
