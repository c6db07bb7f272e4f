-- A number that a patient can read on a letter, counted over all clinics.
-- finds: volume-visible Clinic"A".Größe
create schema "Clinic""A""";
grant usage on schema "Clinic""A""" to app;
\tenant_table "Clinic""A"""."Größe" ("letter""no""" bigint generated always as identity)
