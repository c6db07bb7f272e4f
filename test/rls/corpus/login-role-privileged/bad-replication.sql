-- So that change data capture can log in as the application.
-- finds: login-role-privileged app
\tenant_table public.patients (name text)
alter role app replication;
