-- Inheritance of the old kind: the policies of the parent do not hold for who names the child.
-- finds: partition-exposed public.emergencies
\tenant_table public.visits (at date)
create table public.emergencies (severity int, primary key (tenant_id, id)) inherits (public.visits);
alter table public.emergencies owner to corpus_owner;
grant select on public.emergencies to app;
