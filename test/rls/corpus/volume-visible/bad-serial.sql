-- The older spelling, and a sequence that two tables share and that belongs to neither.
-- finds: volume-visible public.notes
-- finds: volume-visible public.patients
create sequence public.numbers;
\tenant_table public.patients (number bigint default nextval('public.numbers'))
\tenant_table public.notes (number serial)
