-- A further setting that is declared, narrowing; and one of PostgreSQL's own.
-- with: {"settings": ["App.User_ID"]}
\tenant_table public.patients (doctor text)
alter policy tenant on public.patients using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and doctor = (select current_setting('app.user_id', true))
  and (select current_setting('server_version_num')::int) > 0);
