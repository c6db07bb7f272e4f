-- A further setting has the same trap; and so has one that may not be missing.
-- with: {"settings": ["app.user_id"]}
-- finds: nullif-missing public.patients
-- finds: nullif-missing public.visits
\tenant_table public.patients (user_id bigint)
create policy own on public.patients as restrictive using (user_id = (select coalesce(current_setting('app.user_id', true), '')::bigint));
\tenant_table public.visits (name text)
alter policy tenant on public.visits using (tenant_id = (select nullif(current_setting('app.tenant_id'), '')::uuid));
