-- The application reads and writes rows. The rest is for a role of its own and for the owner, or in a schema out of reach.
create role corpus_keeper nologin;
create schema archive;
\tenant_table public.patients (name text)
grant all on public.patients to corpus_keeper, corpus_owner;
\tenant_table archive.patients (name text)
grant truncate, trigger on archive.patients to app;
