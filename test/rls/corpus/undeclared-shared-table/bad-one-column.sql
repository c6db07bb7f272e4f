-- One column is granted, and to a group at that. It is enough to count, and to read what is in it.
-- finds: undeclared-shared-table Clinic "A".Überweisung
create role corpus_readers nologin;
grant corpus_readers to app;
create schema "Clinic ""A""";
grant usage on schema "Clinic ""A""" to corpus_readers;
create table "Clinic ""A"""."Überweisung" (id uuid primary key, "to" text not null, reason text);
alter table "Clinic ""A"""."Überweisung" owner to corpus_owner;
grant select ("to") on "Clinic ""A"""."Überweisung" to corpus_readers;
