-- A clinic is a tenant: the key of its row is the tenant_id of every other table.
-- This file explains the policies once. The files after it repeat them without words.

set role clinic_owner;

create table organizations (
  tenant_id uuid primary key default gen_random_uuid(),
  name text not null,
  created_at timestamptz not null default now()
);

alter table organizations enable row level security;
-- The owner obeys too. Foreign keys are still checked without policies.
alter table organizations force row level security;

-- No context means no rows. The setting is NULL on a fresh session and '' after its first transaction, and ''::uuid
-- would be an error. `(select ...)` is evaluated once for a statement instead of once for a row.
create policy tenant on organizations to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

-- Permissive policies are joined by OR, so one that is added in error opens the table. A restrictive policy is joined
-- by AND, and being TO PUBLIC it holds for every role that is ever granted the table.
create policy tenant_floor on organizations as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

-- Clinics are opened and closed by operators, not by the application. No role is given TRUNCATE on any table: it
-- ignores policies.
grant select on organizations to app;

reset role;
