-- Granted to everybody: the file of a table holds its rows.
-- finds: login-role-privileged pg_read_binary_file(text)
\tenant_table public.patients (name text)
grant execute on function pg_catalog.pg_read_binary_file(text) to public;
