-- Nine of ten visits leave a record, written when the visit ends.

insert into clinical_records (tenant_id, id, patient_id, recorded_at, kind, body, author)
select
  tenant_id,
  pg_temp.id_of('record', visit),
  patient_id,
  starts_at + minutes * interval '1 minute',
  (array['note', 'note', 'diagnosis', 'prescription', 'result'])[1 + kind],
  case kind
    when 2 then 'Diagnosis: ' || (array[
      'essential hypertension', 'type 2 diabetes mellitus', 'acute bronchitis', 'migraine without aura',
      'iron deficiency anaemia', 'low back pain', 'allergic rhinitis', 'gastro-oesophageal reflux'
    ])[1 + detail % 8] || '.'
    when 3 then 'Prescribed ' || (array[
      'amlodipine 5 mg once daily', 'metformin 500 mg twice daily', 'amoxicillin 500 mg three times daily',
      'sumatriptan 50 mg as needed', 'ferrous sulfate 200 mg once daily', 'ibuprofen 400 mg as needed',
      'cetirizine 10 mg once daily', 'omeprazole 20 mg once daily'
    ])[1 + detail % 8] || '.'
    when 4 then format('Haemoglobin %s g/L, glucose %s mmol/L.', 105 + detail % 60, (40 + detail % 50) * 0.1)
    else format('Blood pressure %s/%s mmHg, pulse %s. Review in %s weeks.',
      105 + detail % 50, 65 + detail % 30, 58 + detail % 40, 2 + detail % 11)
  end,
  'dr-' || 1 + pg_temp.roll(visit, 22, 6)
from (
  select *, pg_temp.roll(visit, 20, 5) as kind, pg_temp.roll(visit, 21, 1000) as detail
  from numbered_visits
  where status = 'done' and pg_temp.roll(visit, 23, 10) < 9
) as visited
order by 1, 2;
