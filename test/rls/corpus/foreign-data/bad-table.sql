-- Last year's rows, moved to another server under the same name. Row security stayed behind.
-- finds: foreign-data archive.patients "2025"
create foreign data wrapper corpus_wrapper;
create server corpus_server foreign data wrapper corpus_wrapper;
create schema archive;
grant usage on schema archive to app;
create foreign table archive."patients ""2025""" (tenant_id uuid not null, id uuid not null, name text) server corpus_server;
alter foreign table archive."patients ""2025""" owner to corpus_owner;
grant select (id, name) on archive."patients ""2025""" to app;
