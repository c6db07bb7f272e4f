-- Not granted itself; two views lead there, and neither compares tenants. Names that must be quoted.
-- finds: materialized-view Clinic "A".Umsätze"
\tenant_table public.visits (at date)
create schema "Clinic ""A""";
create view "Clinic ""A""".source with (security_invoker) as select tenant_id, at from public.visits;
create materialized view "Clinic ""A"""."Umsätze""" as select at, count(*) from "Clinic ""A""".source group by at;
create view "Clinic ""A""".latest as select * from "Clinic ""A"""."Umsätze""" order by at desc limit 10;
create view public.latest as select * from "Clinic ""A""".latest;
grant select on public.latest to app;
