-- The list of clinics is for everybody, and declared; what else is in the table is not.
-- with: {"shared": ["public.clinic_names"]}
\tenant_table public.organizations (name text, iban text)
create view public.clinic_names as select tenant_id, name from public.organizations;
grant select on public.clinic_names to app;
