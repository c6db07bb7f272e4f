-- The policy is for operators, and the application's role is one: it has but to SET ROLE.
-- finds: policy-always-true public.patients
-- finds: no-restrictive-floor public.patients
create role corpus_operator;
\tenant_table public.patients (name text)
drop policy tenant_floor on public.patients;
create policy operators on public.patients for select to corpus_operator using (true);
grant corpus_operator to app;
