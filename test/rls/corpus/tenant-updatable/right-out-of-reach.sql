-- The privilege is there, in a schema that the application cannot use.
create schema archive;
\tenant_table archive.patients (name text)
grant update on archive.patients to app;
