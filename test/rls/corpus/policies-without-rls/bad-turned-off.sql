-- Somebody turned it off to look for a bug, and the policies still look as if they worked.
-- finds: policies-without-rls public.patients
\tenant_table public.patients (name text)
alter table public.patients disable row level security;
