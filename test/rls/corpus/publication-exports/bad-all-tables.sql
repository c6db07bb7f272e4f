-- What the change-data-capture tool proposes.
-- finds: publication-exports "cdc"
\tenant_table public.patients (name text)
create publication """cdc""" for all tables;
