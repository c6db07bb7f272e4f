-- Its owner obeys policies, so it holds what the context of the last refresh let it see: one tenant's rows, or none.
-- finds: materialized-view public.visits_by_day
\tenant_table public.visits (at date)
create materialized view public.visits_by_day as select at, count(*) from public.visits group by at;
alter materialized view public.visits_by_day owner to corpus_owner;
grant select on public.visits_by_day to app;
