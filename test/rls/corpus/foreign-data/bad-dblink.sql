-- Installed for one script, and PUBLIC may execute its functions.
-- finds: foreign-data dblink
create extension dblink schema public;
