-- A foreign key may be made to the columns that REFERENCES names, and is checked without policies.
-- finds: table-privileges public.patients
\tenant_table public.patients (name text)
grant references (tenant_id, id) on public.patients to app;
