-- Numbers every patient of every clinic, once for all files after this one. One in 33 is a person who is a patient of
-- another clinic too: the one half the list away, which no clinic is large enough to reach.
-- Rows are inserted in the order of their primary key, which halves the time.

create temporary table numbered_patients as
select
  first_patient + k as n,
  tenant_id,
  k + 1 as chart_number,
  pg_temp.id_of('patient', first_patient + k) as patient_id,
  case
    when (first_patient + k) % 33 = 0 then (first_patient + k + total / 2) % total
    else first_patient + k
  end as person
from (select *, sum(patients) over () as total from sized_clinics) as clinic
cross join generate_series(0, clinic.patients - 1) as k;

insert into patient_profiles (tenant_id, id, person_id, given_name, family_name, birth_date)
select
  tenant_id,
  pg_temp.id_of('profile', n),
  pg_temp.id_of('person', person),
  -- The lower of two rolls: the names in front are the common ones.
  (array[
    'Maria', 'Anna', 'James', 'Elena', 'David', 'Sofia', 'Thomas', 'Amina', 'Peter', 'Lucia', 'Omar', 'Julia',
    'Daniel', 'Mei', 'Robert', 'Ingrid', 'Samuel', 'Priya', 'Martin', 'Chloe', 'Ahmed', 'Hanna', 'Victor', 'Grace',
    'Ivan', 'Leila', 'Simon', 'Noor', 'Felix', 'Tomoko', 'Oscar', 'Ruth', 'Hugo', 'Zara', 'Emil', 'Fatima'
  ])[1 + least(pg_temp.roll(person, 1, 36), pg_temp.roll(person, 2, 36))],
  (array[
    'Smith', 'Garcia', 'Müller', 'Nguyen', 'Rossi', 'Kowalski', 'Silva', 'Johnson', 'Haddad', 'Novak', 'Andersson',
    'Martin', 'Kim', 'O''Brien', 'Fischer', 'Lopez', 'Ivanova', 'Okafor', 'Jensen', 'Moreau', 'Tanaka', 'Brown',
    'Horvat', 'Santos', 'Weber', 'Rahman', 'Nielsen', 'Costa', 'Singh', 'Papadopoulos', 'Murphy', 'Lindqvist', 'Yilmaz',
    'Chen', 'van Dijk', 'Keller'
  ])[1 + least(pg_temp.roll(person, 3, 36), pg_temp.roll(person, 4, 36))],
  date '1932-01-01' + pg_temp.roll(person, 5, 33000)
from numbered_patients
order by 1, 2;

insert into patients (tenant_id, id, profile_id, chart_number, registered_on)
select tenant_id, patient_id, pg_temp.id_of('profile', n), chart_number, date '2019-01-01' + pg_temp.roll(n, 6, 2500)
from numbered_patients
order by 1, 2;
