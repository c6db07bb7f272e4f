-- A policy for a role that no policy holds is a promise to the reader only.
-- finds: policy-misses-role public.patients
create role corpus_jobs login bypassrls;
\tenant_table public.patients (name text)
create policy jobs on public.patients as restrictive to corpus_jobs using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
