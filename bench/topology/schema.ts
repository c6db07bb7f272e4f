/** How many tenants there are, and how many patients each has. */
export const TENANTS = 200
export const PATIENTS_PER_TENANT = 500

/** Ids of tenants, by position from 0. */
export function tenantId(index: number): string {
  return ids[index] ?? ''
}

const ids = Array.from(
  { length: TENANTS },
  (_, index) => `00000000-0000-4000-8000-${(index + 1).toString(16).padStart(12, '0')}`,
)

/**
 * One table with the canonical policy. The role `unscoped` is exempt from it: an application without row-level security,
 * which names the tenant in each statement instead.
 */
export const SCHEMA = `
create role app login;
create role unscoped login bypassrls;
create table patients (
  tenant_id uuid not null,
  id bigint not null,
  full_name text not null,
  born_on date not null,
  sex text not null,
  phone text not null,
  email text not null,
  address text not null,
  insurance_number text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
) with (fillfactor = 50);
insert into patients (tenant_id, id, full_name, born_on, sex, phone, email, address, insurance_number)
select
  ('00000000-0000-4000-8000-' || lpad(to_hex(tenant), 12, '0'))::uuid,
  (tenant - 1) * ${PATIENTS_PER_TENANT} + patient,
  'Patient ' || md5(patient::text), date '1930-01-01' + (patient * 61 % 33000), 'fmx'::char(1),
  '+41 ' || patient, 'patient' || patient || '@example.org', patient || ' Long Street, 8000 Example', md5(tenant::text)
from generate_series(1, ${TENANTS}) tenant, generate_series(1, ${PATIENTS_PER_TENANT}) patient;
alter table patients enable row level security;
alter table patients force row level security;
create policy tenant on patients to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, update on patients to app, unscoped;
vacuum analyze patients;
`
