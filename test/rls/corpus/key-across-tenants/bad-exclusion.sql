-- A room that one clinic has booked cannot be booked by another; and a comparison of tenants that is not for equality is none.
-- finds: key-across-tenants public.beds_tenant_id_bed_excl
-- finds: key-across-tenants public.bookings_room_during_excl
create extension btree_gist;
\tenant_table public.bookings (room int, during tstzrange)
alter table public.bookings add exclude using gist (room with =, during with &&) where (room > 0) deferrable;
\tenant_table public.beds (bed int)
alter table public.beds add exclude using gist (tenant_id with <>, bed with =);
