insert into patients (tenant_id, id, profile_id, chart_number, registered_on)
select
  clinic.tenant_id,
  pg_temp.id_of('patient', clinic.tenant_id::text, n),
  pg_temp.id_of('profile', clinic.tenant_id::text, n),
  n,
  clinic.today - 2000 + pg_temp.roll(pg_temp.id_of('patient', clinic.tenant_id::text, n), 1, 1990)
from seeded_clinics clinic, generate_series(1, clinic.patients) n;
