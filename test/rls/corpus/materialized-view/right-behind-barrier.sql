-- Reached only through a security_barrier with a condition on the tenant setting; the view in between adds nothing to it.
\tenant_table public.visits (at date)
create schema internal authorization corpus_owner;
create materialized view internal.visits_by_day as select tenant_id, at, count(*) from public.visits group by tenant_id, at;
create view internal.by_day as select * from internal.visits_by_day;
create view public.visits_by_day with (security_barrier) as select at, count from internal.by_day
  where tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select on public.visits_by_day to app;
