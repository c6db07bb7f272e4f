-- A branch without the tenant, for a role that the application is not and cannot become. What a session may be is not a setting
-- that it can choose.
create role corpus_support login;
\tenant_table public.patients (name text)
alter policy tenant on public.patients to public using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) or current_user = 'corpus_support'
  or session_user = 'corpus_support' or (select current_setting('is_superuser')) = 'on');
alter policy tenant_floor on public.patients using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) or current_user = 'corpus_support');
grant select on public.patients to corpus_support;
