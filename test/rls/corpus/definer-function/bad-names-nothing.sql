-- Not a leak yet: it reads no table of tenants. It would with its next change.
-- finds: definer-function public.server_started()
\tenant_table public.patients (name text)
create function public.server_started() returns timestamptz language sql stable security definer
  set search_path = pg_catalog, pg_temp as 'select pg_postmaster_start_time()';
