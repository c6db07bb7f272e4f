-- Two steps away, and inherited by nobody: but SET ROLE takes one to a role that policies do not hold.
-- finds: login-role-bypasses Chef "ü"; drop role app; --
\tenant_table public.patients (name text)
create role "Chef ""ü""; drop role app; --" nologin bypassrls;
create role corpus_operators nologin;
grant "Chef ""ü""; drop role app; --" to corpus_operators;
grant corpus_operators to app;
alter role app noinherit;
