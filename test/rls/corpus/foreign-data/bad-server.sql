-- A right that was given for a foreign table, which needs none, with a mapping for everybody.
-- finds: foreign-data it's "b"
create foreign data wrapper corpus_wrapper;
create server "it's ""b""" foreign data wrapper corpus_wrapper;
create user mapping for public server "it's ""b""";
grant usage on foreign server "it's ""b""" to public;
