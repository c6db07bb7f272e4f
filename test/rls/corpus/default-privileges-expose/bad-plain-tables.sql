-- The months lie where the application cannot go. What is made beside their parent is granted all the same, for all schemas and for one.
-- finds: default-privileges-expose corpus_owner
-- finds: default-privileges-expose public
\tenant_table public.patients (name text)
alter default privileges for role corpus_owner grant select on tables to app;
alter default privileges for role corpus_owner in schema public grant insert on tables to public;
