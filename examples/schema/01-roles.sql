-- Who may do what. PostgreSQL lets superusers, roles with BYPASSRLS and (without FORCE) a table's owner past every
-- policy, so the application's login role is none of them: it owns nothing and is a member of nothing.

do $$ begin
  create role clinic_owner nologin;
exception when duplicate_object then null; -- roles belong to the whole server, so another database may have made them
end $$;

do $$ begin
  create role app login;
exception when duplicate_object then null;
end $$;

alter role clinic_owner nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
alter role app nosuperuser nobypassrls nocreatedb nocreaterole noreplication noinherit;

-- For whoever runs migrations without being a superuser.
grant clinic_owner to current_user;

-- A temporary table shadows the real one of that name, and pgbouncer in transaction mode hands the session that holds
-- it to the next tenant. PUBLIC may make temporary tables until told otherwise, in every new database.
do $$ begin
  execute format('revoke temporary, create on database %I from public', current_database());
end $$;

revoke create on schema public from public;
grant usage on schema public to app;
grant usage, create on schema public to clinic_owner;
