-- Installed by the superuser, who left the view to PUBLIC.
-- finds: volume-visible public.pg_stat_statements
create extension pg_stat_statements schema public;
