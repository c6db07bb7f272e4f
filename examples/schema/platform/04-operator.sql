-- Operators look after the servers and see no tenant's rows. Their login is granted no table at all: the catalogs are everybody's, and
-- two functions count what only members of pg_read_all_stats may see. That role itself would be too much: it shows the text of each
-- running statement, and what others wrote into it.

do $$ begin
  create role operator_reader login;
exception when duplicate_object then null;
end $$;

do $$ begin
  create role operator_statistics nologin;
exception when duplicate_object then null;
end $$;

alter role operator_reader nosuperuser nobypassrls nocreatedb nocreaterole noreplication noinherit;
alter role operator_statistics nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
grant pg_read_all_stats to operator_statistics;

create schema operator;

-- Client connections of the whole server. Which state they are in says whether somebody holds a transaction open.
create function operator.connections() returns table (
  database name, role name, application text, state text, connections integer, longest_s double precision
)
language sql stable security definer set search_path = pg_catalog
as $$
  select
    datname, usename, application_name, state, count(*)::integer,
    max(extract(epoch from clock_timestamp() - state_change))::double precision
  from pg_stat_activity
  where backend_type = 'client backend'
  group by datname, usename, application_name, state
$$;

-- Standbys, and how far each is behind by what it says itself.
create function operator.standbys() returns table (
  name text, state text, sync_state text, replay_lag_ms double precision, replay_lag_bytes numeric
)
language sql stable security definer set search_path = pg_catalog
as $$
  select
    application_name, state, sync_state, extract(epoch from replay_lag)::double precision * 1000,
    pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)
  from pg_stat_replication
$$;

alter function operator.connections() owner to operator_statistics;
alter function operator.standbys() owner to operator_statistics;
revoke execute on all functions in schema operator from public;

grant usage on schema operator to operator_reader;
grant execute on all functions in schema operator to operator_reader;
-- Names clinics on the Console, by which it also knows whom to leave out.
grant select on organization_domains to operator_reader;
