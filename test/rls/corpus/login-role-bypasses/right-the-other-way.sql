-- Who may become the application gives it nothing. The application's own group owns nothing and has no such attribute.
\tenant_table public.patients (name text)
create role corpus_dba nologin bypassrls;
grant app to corpus_dba;
create role corpus_clinic nologin createdb;
grant corpus_clinic to app;
