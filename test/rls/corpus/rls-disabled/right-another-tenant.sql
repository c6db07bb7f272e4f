-- Who rents a room is called a tenant too, and the list of those is for all: the configuration names the column that counts.
-- with: {"tenantColumns": {"public.tenants": "clinic_id"}, "shared": ["public.tenants"]}
create table public.tenants (tenant_id int primary key, name text not null);
alter table public.tenants owner to corpus_owner;
grant select on public.tenants to app;
