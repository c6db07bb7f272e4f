-- Nothing is deleted, but a new id is written into another clinic's rows; both foreign keys need the same new key.
-- finds: cascade-across-tenants public.visits.of patient
-- finds: cascade-across-tenants public.visits.visits_nurse_fkey
-- finds: unique-across-tenants public.people_number_key
\tenant_table public.people (number int)
alter table public.people add unique (number);
\tenant_table public.visits (patient int, nurse int)
alter table public.visits add constraint "of patient" foreign key (patient) references public.people (number) on update cascade;
alter table public.visits add foreign key (nurse) references public.people (number) on delete set null on update cascade;
