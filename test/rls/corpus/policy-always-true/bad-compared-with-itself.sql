-- A condition that has everything a right one has, and is true for every row: the column is compared with itself.
-- finds: policy-always-true Clinic "A".Größe '; drop table x; --
-- finds: no-restrictive-floor Clinic "A".Größe '; drop table x; --
create schema "Clinic ""A""";
grant usage on schema "Clinic ""A""" to app;
create table "Clinic ""A"""."Größe '; drop table x; --" (
  tenant_id uuid not null, id uuid not null, name text, primary key (tenant_id, id));
alter table "Clinic ""A"""."Größe '; drop table x; --" owner to corpus_owner;
alter table "Clinic ""A"""."Größe '; drop table x; --" enable row level security;
alter table "Clinic ""A"""."Größe '; drop table x; --" force row level security;
create policy "tenant"" using (true) --" on "Clinic ""A"""."Größe '; drop table x; --" to app
  using (case when tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) then not (1 = 2) else tenant_id = tenant_id end);
grant select, insert on "Clinic ""A"""."Größe '; drop table x; --" to app;
