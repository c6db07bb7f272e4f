-- There is a restrictive policy for everybody, but what it holds is not the tenant.
-- finds: no-restrictive-floor public.patients
\tenant_table public.patients (deleted_at timestamptz)
alter policy tenant_floor on public.patients using (deleted_at is null);
