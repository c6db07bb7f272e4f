-- The condition is right. Without security_barrier a function in the query around the view runs first and sees every row.
-- finds: materialized-view public.visits_by_day
\tenant_table public.visits (at date)
create materialized view public.visits_by_day as select tenant_id, at, count(*) from public.visits group by tenant_id, at;
create view public.my_visits_by_day as select * from public.visits_by_day
  where tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select on public.my_visits_by_day to app;
