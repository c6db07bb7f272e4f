-- Which tenants' rows there are is up to a list that is not the application's to write, but shows all tenants.
-- finds: policy-reads-open-table public.visits
-- finds: policy-drift public.visits
-- finds: no-restrictive-floor public.visits
-- finds: rls-disabled Liste "Ärzte".o'clock
create schema "Liste ""Ärzte""";
grant usage on schema "Liste ""Ärzte""" to app;
create table "Liste ""Ärzte"""."o'clock" (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id));
alter table "Liste ""Ärzte"""."o'clock" owner to corpus_owner;
grant select on "Liste ""Ärzte"""."o'clock" to app;
\tenant_table public.visits (doctor uuid)
drop policy tenant_floor on public.visits;
alter policy tenant on public.visits
  using (exists (select from "Liste ""Ärzte"""."o'clock" as list where list.tenant_id = visits.tenant_id and list.id = doctor));
