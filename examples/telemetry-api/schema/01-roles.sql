-- The same as examples/schema/01-roles.sql, which says why, for a server of its own.

do $$ begin
  create role telemetry_owner nologin;
exception when duplicate_object then null;
end $$;

do $$ begin
  create role telemetry_app login;
exception when duplicate_object then null;
end $$;

alter role telemetry_owner nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
alter role telemetry_app nosuperuser nobypassrls nocreatedb nocreaterole noreplication noinherit;
grant telemetry_owner to current_user;

do $$ begin
  execute format('revoke temporary, create on database %I from public', current_database());
end $$;

revoke create on schema public from public;
grant usage on schema public to telemetry_app;
grant usage, create on schema public to telemetry_owner;
