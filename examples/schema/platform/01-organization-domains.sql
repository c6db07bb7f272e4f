-- Which clinic a host name belongs to, and whose tokens are good for it. It is asked before anybody has signed in, so no tenant is
-- known yet, and it holds nothing that the clinic's sign on the door does not say. It has no policies for that reason: name it as
-- `shared` to `leasehold audit`.

set role clinic_owner;

create table organization_domains (
  -- As it stands in the Host header: lower case, without a port.
  host text primary key check (host = lower(host)),
  tenant_id uuid not null,
  -- What stands for the clinic in addresses of the API.
  slug text not null check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null,
  -- A dedicated tenant has an organisation of its own at the identity provider, and is left out of work across tenants.
  tenancy text not null check (tenancy in ('shared', 'dedicated')),
  -- The `iss` of tokens that are good for the clinic.
  issuer text not null,
  -- What "today" means there.
  time_zone text not null
);

create index on organization_domains (slug);

-- Clinics are opened and closed by operators.
grant select on organization_domains to app;

reset role;
