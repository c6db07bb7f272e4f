-- The policies were written for a role of another project.
-- finds: policy-misses-role public.patients
create role corpus_web;
\tenant_table public.patients (name text)
alter policy tenant on public.patients to corpus_web;
