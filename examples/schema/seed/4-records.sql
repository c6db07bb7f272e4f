-- $1 kinds and $2 bodies, one of each to a place; $3 authors. One to four records for each patient.
insert into clinical_records (tenant_id, id, patient_id, recorded_at, kind, body, author)
select
  tenant_id,
  id,
  patient_id,
  today - interval '1 day' * (2 + pg_temp.roll(id, 1, 900)) - interval '1 minute' * pg_temp.roll(id, 2, 600),
  ($1::text[])[body],
  ($2::text[])[body],
  ($3::text[])[1 + pg_temp.roll(id, 4, cardinality($3::text[]))]
from (
  select clinic.tenant_id, clinic.today, patient_id, id, 1 + pg_temp.roll(id, 3, cardinality($2::text[])) as body
  from seeded_clinics clinic,
    generate_series(1, clinic.patients) n,
    lateral (select pg_temp.id_of('patient', clinic.tenant_id::text, n) as patient_id) patient,
    generate_series(1, 1 + pg_temp.roll(patient_id, 5, 4)) visit,
    lateral (select pg_temp.id_of('record', patient_id::text, visit) as id) record
) written;
