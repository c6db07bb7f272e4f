-- Every table of the schema, and of those that are added to it.
-- finds: publication-exports reporting
create schema "Clinic""A""";
grant usage on schema "Clinic""A""" to app;
\tenant_table "Clinic""A"""."Größe" (name text)
create publication reporting for tables in schema "Clinic""A""";
