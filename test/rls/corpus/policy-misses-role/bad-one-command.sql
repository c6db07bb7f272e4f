-- Reading was thought of, and adding was not.
-- finds: policy-misses-role public.patients
create role corpus_writer;
\tenant_table public.patients (name text)
drop policy tenant on public.patients;
create policy reading on public.patients for select to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy writing on public.patients to corpus_writer using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
