-- What is written to the audit log is written in the name of who is signed in, and nobody else's: `app.user_id` holds their id. Without
-- it nothing can be written, and since a read of a clinical record writes, nothing can be read.

set role clinic_owner;

create policy own_name on audit_log as restrictive for insert to public
  with check (actor = (select nullif(current_setting('app.user_id', true), '')));

-- Who looked at whom is for the clinic to look into.
create policy staff_select on audit_log as restrictive for select to public
  using ((select current_setting('app.person_id', true)) = 'any');

reset role;
