-- Roles that show no rows, roles that others have, and one that only sounds like that of a managed service.
\tenant_table public.patients (name text)
create role corpus_backup nologin replication;
grant pg_read_all_data to corpus_backup;
grant app to corpus_backup;
create role "rds_superuser " nologin;
grant pg_signal_backend, pg_read_all_settings, "rds_superuser " to app;
