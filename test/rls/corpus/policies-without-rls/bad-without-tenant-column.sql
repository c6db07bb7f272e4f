-- What a member of staff may see is by user; names that must be quoted.
-- with: {"settings": ["app.user_id"]}
-- finds: policies-without-rls Clinic "A".it's mine
create schema "Clinic ""A""";
grant usage on schema "Clinic ""A""" to app;
create table "Clinic ""A"""."it's mine" (id uuid primary key, user_id uuid not null);
alter table "Clinic ""A"""."it's mine" owner to corpus_owner;
create policy "own; --" on "Clinic ""A"""."it's mine" to app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
grant select on "Clinic ""A"""."it's mine" to app;
