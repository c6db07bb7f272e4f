-- pg_read_all_data lets it read every table, and no policy lets it see a row.
-- with: {"backupRoles": ["corpus_backup"]}
-- finds: backup-role corpus_backup
create role corpus_backup login;
grant pg_read_all_data to corpus_backup;
\tenant_table public.patients (name text)
