-- A year of working days, in slots of 15 minutes from eight in the morning. Most patients come once or twice, a few
-- come often. What lies before November has taken place, or was cancelled or missed.

create temporary table numbered_visits as
select
  visit,
  tenant_id,
  patient_id,
  starts_at,
  (array[15, 15, 15, 30, 30, 45])[1 + pg_temp.roll(visit, 13, 6)] as minutes,
  case
    when starts_at >= timestamptz '2026-11-01 00:00+00' then 'booked'
    when outcome < 2 then 'cancelled'
    when outcome < 3 then 'missed'
    else 'done'
  end as status,
  'desk-' || 1 + pg_temp.roll(visit, 15, 4) as booked_by
from numbered_patients
cross join lateral generate_series(
  1, (array[0, 0, 1, 1, 1, 1, 2, 2, 3, 5])[1 + pg_temp.roll(n, 10, 10)]
) as k
cross join lateral (select n * 16 + k as visit) as numbered
cross join lateral (
  select pg_temp.roll(visit, 11, 255) as working_day, pg_temp.roll(visit, 14, 20) as outcome
) as drawn
cross join lateral (
  select timestamptz '2026-01-05 08:00+00'
    + (working_day / 5 * 7 + working_day % 5) * interval '24 hours'
    + pg_temp.roll(visit, 12, 38) * interval '15 minutes' as starts_at
) as dated;

insert into appointments (tenant_id, id, patient_id, starts_at, minutes, status, booked_by)
select tenant_id, pg_temp.id_of('appointment', visit), patient_id, starts_at, minutes, status, booked_by
from numbered_visits
order by 1, 2;
