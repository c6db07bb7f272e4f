-- The role that Amazon RDS gives its customers for want of a superuser, as a member of which many applications log in.
-- finds: login-role-privileged rds_superuser
\tenant_table public.patients (name text)
create role rds_superuser nologin;
grant rds_superuser to app;
