-- The floor was given the same WITH CHECK, and so is none for what is written.
-- finds: check-drops-tenant Straße "7".it's
-- finds: no-restrictive-floor Straße "7".it's
create schema "Straße ""7""";
grant usage on schema "Straße ""7""" to app;
create table "Straße ""7"""."it's" (tenant_id uuid not null, id uuid not null, name text, primary key (tenant_id, id));
alter table "Straße ""7"""."it's" owner to corpus_owner;
alter table "Straße ""7"""."it's" enable row level security;
alter table "Straße ""7"""."it's" force row level security;
create policy "a ""b""; --" on "Straße ""7"""."it's" to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) with check (name <> '');
create policy floor on "Straße ""7"""."it's" as restrictive using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) with check (name is not null);
grant select, insert on "Straße ""7"""."it's" to app;
