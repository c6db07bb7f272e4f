-- The application is a member of the owner and inherits nothing, but SET ROLE makes it the owner.
-- finds: force-missing public.patients
-- finds: login-role-bypasses corpus_owner
\tenant_table public.patients (name text)
alter table public.patients no force row level security;
revoke all on public.patients from corpus_owner;
alter role app noinherit;
grant corpus_owner to app;
