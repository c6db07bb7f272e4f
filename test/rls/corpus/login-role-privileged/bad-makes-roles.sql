-- An application that makes a role of the database for each of its users.
-- finds: login-role-privileged app
\tenant_table public.patients (name text)
alter role app createrole;
