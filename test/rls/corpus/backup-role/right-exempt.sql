-- One has BYPASSRLS, which is more than the application may have and just what a backup needs.
-- with: {"backupRoles": ["corpus_backup", "postgres"]}
create role corpus_backup login bypassrls in role pg_read_all_data;
\tenant_table public.patients (name text)
