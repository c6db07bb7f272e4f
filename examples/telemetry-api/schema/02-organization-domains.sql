-- Which clinics there are, and whose tokens are good for them: a copy of the table in the clinics' database, kept by whoever opens a
-- clinic. With it this service needs that database for nothing.

set role telemetry_owner;

create table organization_domains (
  host text primary key check (host = lower(host)),
  tenant_id uuid not null,
  slug text not null check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null,
  tenancy text not null check (tenancy in ('shared', 'dedicated')),
  issuer text not null,
  time_zone text not null
);

create index on organization_domains (slug);

grant select on organization_domains to telemetry_app;

reset role;
