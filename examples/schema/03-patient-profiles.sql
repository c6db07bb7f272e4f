-- Who a patient is. One person may be a patient of several clinics: person_id is the same everywhere, and each clinic
-- with which the person shares the profile has a copy of its own. So no clinic can find out where else a person is
-- treated, and what one clinic corrects does not change under the hands of another.

set role clinic_owner;

create table patient_profiles (
  -- What the application inserts belongs to the tenant it works for, without being told.
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
    references organizations (tenant_id),
  id uuid not null default gen_random_uuid(),
  person_id uuid not null,
  given_name text not null,
  family_name text not null,
  birth_date date not null,
  -- Every key begins with the tenant: a key over person_id alone would tell a clinic, by a unique violation, that
  -- another clinic knows the person.
  primary key (tenant_id, id),
  unique (tenant_id, person_id)
);

create index on patient_profiles (tenant_id, family_name);

alter table patient_profiles enable row level security;
alter table patient_profiles force row level security;
create policy tenant on patient_profiles to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on patient_profiles as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

-- Column by column, so that no row can be moved to another tenant.
grant select, insert, update (given_name, family_name, birth_date) on patient_profiles to app;

reset role;
