-- Through a role that the application is a member of.
-- finds: foreign-data corpus_wrapper
create foreign data wrapper corpus_wrapper;
create role corpus_etl nologin;
grant usage on foreign data wrapper corpus_wrapper to corpus_etl;
grant corpus_etl to app;
