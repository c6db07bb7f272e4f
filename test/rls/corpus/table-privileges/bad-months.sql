-- One finding for the months together, each of which was granted by itself.
-- finds: table-privileges public.audit_log
create schema months;
create table public.audit_log (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  at timestamptz not null,
  id uuid not null default gen_random_uuid()
) partition by range (at);
alter table public.audit_log owner to corpus_owner;
alter table public.audit_log enable row level security;
alter table public.audit_log force row level security;
create policy tenant on public.audit_log to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on public.audit_log as restrictive to public using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert on public.audit_log to app;
create table months.audit_log_2026_01 partition of public.audit_log for values from ('2026-01-01+00') to ('2026-02-01+00');
alter table months.audit_log_2026_01 owner to corpus_owner;
alter table months.audit_log_2026_01 enable row level security;
alter table months.audit_log_2026_01 force row level security;
create table months.audit_log_2026_02 partition of public.audit_log for values from ('2026-02-01+00') to ('2026-03-01+00');
alter table months.audit_log_2026_02 owner to corpus_owner;
alter table months.audit_log_2026_02 enable row level security;
alter table months.audit_log_2026_02 force row level security;
create index on public.audit_log (tenant_id, at);
grant usage on schema months to app;
grant truncate on months.audit_log_2026_01 to app;
grant trigger on months.audit_log_2026_02 to app;
