-- The owner of the tables, one of which is FORCEd; and a role whose name was misspelt.
-- with: {"backupRoles": ["corpus_owner", "corpus_onwer'; drop table x; --\\"]}
-- finds: backup-role corpus_owner
-- finds: backup-role corpus_onwer'; drop table x; --\
\tenant_table public.patients (name text)
