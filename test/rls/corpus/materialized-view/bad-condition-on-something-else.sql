-- The barrier's view names the tenant setting, among what it shows and not in its condition.
-- finds: materialized-view public.visits_by_day
\tenant_table public.visits (at date)
create materialized view public.visits_by_day as select tenant_id, at, count(*) from public.visits group by tenant_id, at;
create view public.my_visits_by_day with (security_barrier) as
  select current_setting('app.tenant_id', true) as clinic, at, count from public.visits_by_day where at > '2026-01-01';
grant select on public.my_visits_by_day to app;
