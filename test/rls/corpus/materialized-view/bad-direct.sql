-- Sums for a dashboard, of all tenants.
-- finds: materialized-view public.visits_by_clinic
\tenant_table public.visits (at date)
create materialized view public.visits_by_clinic as select tenant_id, count(*) from public.visits group by tenant_id;
grant select on public.visits_by_clinic to app;
