-- One finding for the partitioned table, whose name has 63 bytes.
-- finds: tenant-nullable public.ééééééééééééééééééééééééééééééé"
create schema months;
create table public."ééééééééééééééééééééééééééééééé""" (tenant_id uuid, at date not null, unique (tenant_id, at)) partition by range (at);
alter table public."ééééééééééééééééééééééééééééééé""" owner to corpus_owner;
alter table public."ééééééééééééééééééééééééééééééé""" enable row level security;
alter table public."ééééééééééééééééééééééééééééééé""" force row level security;
create policy tenant on public."ééééééééééééééééééééééééééééééé""" to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on public."ééééééééééééééééééééééééééééééé""" as restrictive to public using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert on public."ééééééééééééééééééééééééééééééé""" to app;
create table months.january partition of public."ééééééééééééééééééééééééééééééé""" for values from ('2026-01-01') to ('2026-02-01');
alter table months.january owner to corpus_owner;
alter table months.january enable row level security;
alter table months.january force row level security;
