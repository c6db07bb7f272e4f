-- The usual quick remedy for "I see no rows".
-- finds: login-role-bypasses app
-- finds: policy-misses-role public.patients
\tenant_table public.patients (name text)
alter role app bypassrls;
