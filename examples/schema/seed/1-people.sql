-- $1 given names, $2 family names. A person is drawn by their id, so that whoever is known to two clinics is called the same in both.
with person as (
  select
    clinic.tenant_id,
    n,
    -- One patient in forty is shared with the other clinics of shared tenancy. A dedicated tenant shares nobody.
    case
      when clinic.tenancy = 'shared' and n % 40 = 0 then pg_temp.id_of('person', '', n)
      else pg_temp.id_of('person', clinic.tenant_id::text, n)
    end as person_id
  from seeded_clinics clinic, generate_series(1, clinic.patients) n
)
insert into patient_profiles (tenant_id, id, person_id, given_name, family_name, birth_date)
select
  tenant_id,
  pg_temp.id_of('profile', tenant_id::text, n),
  person_id,
  ($1::text[])[1 + pg_temp.roll(person_id, 1, cardinality($1::text[]))],
  ($2::text[])[1 + pg_temp.roll(person_id, 2, cardinality($2::text[]))],
  date '1931-01-01' + pg_temp.roll(person_id, 3, 94 * 365)
from person;
