-- Each record that was written, and every second one read again some days later.

insert into audit_log (tenant_id, at, id, actor, action, record_id)
select
  tenant_id,
  recorded_at + read * interval '1 hour' * pg_temp.roll(n, 31, 400),
  pg_temp.id_of('audit', n * 2 + read),
  author,
  (array['write', 'read'])[1 + read],
  id
from (select *, row_number() over (order by id) as n from clinical_records) as record
cross join generate_series(0, 1) as read
where read = 0 or pg_temp.roll(n, 30, 2) = 0
order by 1, 2;
