-- A wall within the wall: who signs in as a patient sees the rows of one person, and not of the clinic.
--
-- `app.person_id` says whose: a person's id, or 'any' for staff. It has no default. A service that forgets to set it shows nothing, to
-- staff too, and that is noticed on the first day. The other way round, "no person means everybody", it is noticed by nobody.
--
-- All of these are restrictive: joined by AND to the tenant policies, which they cannot widen.

set role clinic_owner;

create policy person on patient_profiles as restrictive to public
  using (
    (select current_setting('app.person_id', true)) = 'any'
    or person_id = (select nullif(nullif(current_setting('app.person_id', true), ''), 'any')::uuid)
  );

-- A policy's subquery is itself held by the policies of the table that it reads: here, by those of the tenant and the person. It is
-- not correlated, so it is run once for a statement, and for staff not at all.
create policy person on patients as restrictive to public
  using (
    (select current_setting('app.person_id', true)) = 'any'
    or profile_id in (select id from patient_profiles)
  );

create policy person on appointments as restrictive to public
  using (
    (select current_setting('app.person_id', true)) = 'any'
    or patient_id in (select id from patients)
  );

create policy person on clinical_records as restrictive to public
  using (
    (select current_setting('app.person_id', true)) = 'any'
    or patient_id in (select id from patients)
  );

-- Patients read their chart. They do not write it.
create policy staff_insert on patient_profiles as restrictive for insert to public
  with check ((select current_setting('app.person_id', true)) = 'any');
create policy staff_update on patient_profiles as restrictive for update to public
  using ((select current_setting('app.person_id', true)) = 'any');
create policy staff_insert on patients as restrictive for insert to public
  with check ((select current_setting('app.person_id', true)) = 'any');
create policy staff_insert on clinical_records as restrictive for insert to public
  with check ((select current_setting('app.person_id', true)) = 'any');

-- They book an appointment, and cancel it; that they came is for the clinic to say.
create policy patient_insert on appointments as restrictive for insert to public
  with check ((select current_setting('app.person_id', true)) = 'any' or status = 'booked');
create policy patient_update on appointments as restrictive for update to public
  using ((select current_setting('app.person_id', true)) = 'any' or status = 'booked')
  with check ((select current_setting('app.person_id', true)) = 'any' or status = 'cancelled');

reset role;
