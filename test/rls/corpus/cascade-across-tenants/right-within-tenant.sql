-- The same actions, each among the rows of one tenant; SET NULL names its columns, or meets a tenant column that refuses.
\tenant_table public.patients (name text)
\tenant_table public.visits (patient_id uuid, referred_for uuid, nurse uuid)
alter table public.visits add foreign key (tenant_id, patient_id) references public.patients on delete cascade on update cascade;
alter table public.visits add foreign key (tenant_id, referred_for) references public.patients on delete set null (referred_for);
alter table public.visits add foreign key (tenant_id, nurse) references public.patients on delete set null;
