-- The policies name a group, never the login role, which has the group's privileges; another role's policies stand beside them.
create role corpus_staff;
create role corpus_report login;
alter role app inherit;
grant corpus_staff to app;
\tenant_table public.patients (name text)
alter policy tenant on public.patients to corpus_staff;
create policy report on public.patients for select to corpus_report using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select on public.patients to corpus_report;
