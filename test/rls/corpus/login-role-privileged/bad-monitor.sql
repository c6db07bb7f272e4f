-- By way of a group. pg_read_all_stats is a part of pg_monitor and is not told twice.
-- finds: login-role-privileged pg_monitor
\tenant_table public.patients (name text)
create role "Überwachung ""x""" nologin;
grant pg_monitor to "Überwachung ""x""";
grant "Überwachung ""x""" to app;
