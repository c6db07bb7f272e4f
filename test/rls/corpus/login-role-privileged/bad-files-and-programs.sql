-- So that the application can import a file that somebody has put on the server.
-- finds: login-role-privileged pg_execute_server_program
-- finds: login-role-privileged pg_read_server_files
\tenant_table public.patients (name text)
grant pg_read_server_files, pg_execute_server_program to app;
