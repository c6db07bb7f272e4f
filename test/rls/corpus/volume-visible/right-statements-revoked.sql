-- The extension is there for the role that monitors; the application may not look.
create role corpus_monitor nologin;
create extension pg_stat_statements schema public;
revoke select on public.pg_stat_statements, public.pg_stat_statements_info from public;
grant select on public.pg_stat_statements to corpus_monitor;
