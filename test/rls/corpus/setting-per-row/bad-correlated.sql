-- It is in a subquery, which reads the row and so is run for each.
-- finds: setting-per-row Akte "B".Größe '; --
create schema "Akte ""B""";
grant usage on schema "Akte ""B""" to app;
create table "Akte ""B"""."Größe '; --" (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id));
alter table "Akte ""B"""."Größe '; --" owner to corpus_owner;
alter table "Akte ""B"""."Größe '; --" enable row level security;
alter table "Akte ""B"""."Größe '; --" force row level security;
create policy tenant on "Akte ""B"""."Größe '; --" to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on "Akte ""B"""."Größe '; --" as restrictive
  using ((select tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select on "Akte ""B"""."Größe '; --" to app;
