-- The login role's own membership is only one of the ways to the role, so that to end it would change nothing.
-- finds: login-role-bypasses corpus_dba
\tenant_table public.patients (name text)
create role corpus_dba nologin bypassrls;
create role corpus_operators nologin;
grant corpus_dba to corpus_operators, app;
grant corpus_operators to app;
