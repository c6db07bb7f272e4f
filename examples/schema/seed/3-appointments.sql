-- $1 who books. Every day from a month ago to a month from now, from 8 to 18 o'clock as the clinic's wall shows it; few at weekends.
with slot as (
  select
    clinic.tenant_id,
    clinic.patients,
    clinic.today,
    day::date as day,
    (day + interval '8 hours' + s * (600 / slots.of_day / 5 * 5) * interval '1 minute') at time zone clinic.time_zone as starts_at,
    pg_temp.id_of('appointment', clinic.tenant_id::text, extract(epoch from day)::bigint + s) as id,
    s,
    slots.of_day
  from seeded_clinics clinic,
    generate_series(clinic.today - interval '30 days', clinic.today + interval '30 days', interval '1 day') day,
    lateral (
      select case when extract(isodow from day) > 5 then 4 else greatest(14, least(40, clinic.patients / 25)) end as of_day
    ) slots,
    generate_series(0, slots.of_day - 1) s
  where clinic.patients > 0
)
insert into appointments (tenant_id, id, patient_id, starts_at, minutes, status, booked_by)
select
  tenant_id,
  id,
  pg_temp.id_of('patient', tenant_id::text, 1 + pg_temp.roll(id, 1, patients)),
  starts_at,
  (array[10, 15, 15, 20, 30])[1 + pg_temp.roll(id, 2, 5)],
  case
    when day > today then case when pg_temp.roll(id, 3, 12) = 0 then 'cancelled' else 'booked' end
    when day < today then (array['done', 'done', 'done', 'done', 'done', 'missed', 'cancelled'])[1 + pg_temp.roll(id, 3, 7)]
    -- Of today the first third is done, and some sit in the waiting room.
    when s < of_day / 3 then 'done'
    when s < of_day / 2 then 'arrived'
    else 'booked'
  end,
  ($1::text[])[1 + pg_temp.roll(id, 4, cardinality($1::text[]))]
from slot;
