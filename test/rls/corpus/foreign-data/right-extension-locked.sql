-- Both extensions are there. postgres_fdw gives nobody anything; of dblink PUBLIC has lost what opens a connection.
create extension postgres_fdw schema public;
create schema links;
create extension dblink schema links;
create server corpus_server foreign data wrapper postgres_fdw options (host '127.0.0.1');
create user mapping for corpus_owner server corpus_server options (user 'x');
