-- A member of a role with BYPASSRLS. The attribute is not inherited.
-- with: {"backupRoles": ["back\"up 😀"]}
-- finds: backup-role back"up 😀
create role corpus_exempt nologin bypassrls;
create role "back""up 😀" login in role corpus_exempt;
\tenant_table public.patients (name text)
