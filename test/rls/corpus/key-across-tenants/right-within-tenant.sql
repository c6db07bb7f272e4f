-- Bookings collide within a clinic only. The key of the clinics' own table is the tenant.
-- with: {"tenantColumns": {"public.clinics": "id"}}
create extension btree_gist;
\tenant_table public.bookings (room int, during tstzrange)
alter table public.bookings add exclude using gist (room with =, during with &&, tenant_id with =);
create table public.clinics (id uuid primary key, name text not null);
alter table public.clinics owner to corpus_owner;
alter table public.clinics enable row level security;
alter table public.clinics force row level security;
create policy tenant on public.clinics to app using (id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on public.clinics as restrictive to public using (id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select on public.clinics to app;
