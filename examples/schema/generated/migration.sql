-- app: A table, and the next month’s partition, would be born open, before its policies are there.
alter default privileges for role clinic_owner in schema public
  revoke all on tables from app;

-- public.appointments: What the application inserts belongs to the tenant it works for, without being told.
alter table public.appointments alter column tenant_id set default nullif(current_setting('app.tenant_id', true), '')::uuid;

-- public.audit_log: What the application inserts belongs to the tenant it works for, without being told.
alter table public.audit_log alter column tenant_id set default nullif(current_setting('app.tenant_id', true), '')::uuid;

-- public.clinical_records: What the application inserts belongs to the tenant it works for, without being
-- told.
alter table public.clinical_records alter column tenant_id set default nullif(current_setting('app.tenant_id', true), '')::uuid;

-- public.patient_profiles: What the application inserts belongs to the tenant it works for, without being
-- told.
alter table public.patient_profiles alter column tenant_id set default nullif(current_setting('app.tenant_id', true), '')::uuid;

-- public.patients: What the application inserts belongs to the tenant it works for, without being told.
alter table public.patients alter column tenant_id set default nullif(current_setting('app.tenant_id', true), '')::uuid;

-- public.appointments: appointments_pkey holds inside tenant_id: across tenants, it tells one what another
-- has, and ON CONFLICT reaches it.
do $$ begin
  if exists (select from pg_catalog.pg_constraint
    where conrelid = 'public.appointments'::pg_catalog.regclass and conname = 'appointments_pkey'
    and pg_catalog.pg_get_constraintdef(oid) = 'PRIMARY KEY (id)') then
    alter table public.appointments drop constraint appointments_pkey,
      add constraint appointments_pkey primary key (tenant_id, id);
  end if;
end $$;

-- public.audit_log: audit_log_pkey holds inside tenant_id: across tenants, it tells one what another has, and
-- ON CONFLICT reaches it.
do $$ begin
  if exists (select from pg_catalog.pg_constraint
    where conrelid = 'public.audit_log'::pg_catalog.regclass and conname = 'audit_log_pkey'
    and pg_catalog.pg_get_constraintdef(oid) = 'PRIMARY KEY (at, id)') then
    alter table public.audit_log drop constraint audit_log_pkey,
      add constraint audit_log_pkey primary key (tenant_id, at, id);
  end if;
end $$;

-- public.clinical_records: clinical_records_pkey holds inside tenant_id: across tenants, it tells one what
-- another has, and ON CONFLICT reaches it.
do $$ begin
  if exists (select from pg_catalog.pg_constraint
    where conrelid = 'public.clinical_records'::pg_catalog.regclass and conname = 'clinical_records_pkey'
    and pg_catalog.pg_get_constraintdef(oid) = 'PRIMARY KEY (id)') then
    alter table public.clinical_records drop constraint clinical_records_pkey,
      add constraint clinical_records_pkey primary key (tenant_id, id);
  end if;
end $$;

-- public.patient_profiles: patient_profiles_person_id_key holds inside tenant_id: across tenants, it tells
-- one what another has, and ON CONFLICT reaches it.
do $$ begin
  if exists (select from pg_catalog.pg_constraint
    where conrelid = 'public.patient_profiles'::pg_catalog.regclass and conname = 'patient_profiles_person_id_key') then
    alter table public.patient_profiles drop constraint patient_profiles_person_id_key,
      add constraint patient_profiles_tenant_id_person_id_key unique (tenant_id, person_id);
  end if;
end $$;

-- public.patient_profiles: patient_profiles_pkey holds inside tenant_id: across tenants, it tells one what
-- another has, and ON CONFLICT reaches it. Foreign keys are checked without policies: those to it accept, and
-- act on, rows of their own tenant only.
do $$ begin
  if exists (select from pg_catalog.pg_constraint
    where conrelid = 'public.patient_profiles'::pg_catalog.regclass and conname = 'patient_profiles_pkey'
    and pg_catalog.pg_get_constraintdef(oid) = 'PRIMARY KEY (id)') then
    create unique index patient_profiles_tenant_id_pkey on public.patient_profiles using btree (tenant_id, id);
    alter table public.patients drop constraint patients_profile_id_fkey,
      add constraint patients_tenant_id_profile_id_fkey
      foreign key (tenant_id, profile_id) references public.patient_profiles (tenant_id, id);
    alter table public.patient_profiles drop constraint patient_profiles_pkey,
      add constraint patient_profiles_pkey primary key using index patient_profiles_tenant_id_pkey;
  end if;
end $$;

-- public.patients: patients_chart_number_key holds inside tenant_id: across tenants, it tells one what
-- another has, and ON CONFLICT reaches it.
do $$ begin
  if exists (select from pg_catalog.pg_constraint
    where conrelid = 'public.patients'::pg_catalog.regclass and conname = 'patients_chart_number_key') then
    alter table public.patients drop constraint patients_chart_number_key,
      add constraint patients_tenant_id_chart_number_key unique (tenant_id, chart_number);
  end if;
end $$;

-- public.patients: patients_pkey holds inside tenant_id: across tenants, it tells one what another has, and
-- ON CONFLICT reaches it. Foreign keys are checked without policies: those to it accept, and act on, rows of
-- their own tenant only.
do $$ begin
  if exists (select from pg_catalog.pg_constraint
    where conrelid = 'public.patients'::pg_catalog.regclass and conname = 'patients_pkey'
    and pg_catalog.pg_get_constraintdef(oid) = 'PRIMARY KEY (id)') then
    create unique index patients_tenant_id_pkey on public.patients using btree (tenant_id, id);
    alter table public.appointments drop constraint appointments_patient_id_fkey,
      add constraint appointments_tenant_id_patient_id_fkey
      foreign key (tenant_id, patient_id) references public.patients (tenant_id, id);
    alter table public.clinical_records drop constraint clinical_records_patient_id_fkey,
      add constraint clinical_records_tenant_id_patient_id_fkey
      foreign key (tenant_id, patient_id) references public.patients (tenant_id, id);
    alter table public.patients drop constraint patients_pkey,
      add constraint patients_pkey primary key using index patients_tenant_id_pkey;
  end if;
end $$;

-- public.patients: patients_profile_id_key holds inside tenant_id: across tenants, it tells one what another
-- has, and ON CONFLICT reaches it.
do $$ begin
  if exists (select from pg_catalog.pg_constraint
    where conrelid = 'public.patients'::pg_catalog.regclass and conname = 'patients_profile_id_key') then
    alter table public.patients drop constraint patients_profile_id_key,
      add constraint patients_tenant_id_profile_id_key unique (tenant_id, profile_id);
  end if;
end $$;

-- public.appointments: The application sees and writes the rows of the tenant it works for; without one,
-- none.
do $$ begin
  if not exists (select from pg_catalog.pg_policy
    where polrelid = 'public.appointments'::pg_catalog.regclass and polname = 'tenant'
    and pg_catalog.pg_get_expr(polqual, polrelid) = '(tenant_id = ( SELECT (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid AS "nullif"))') then
    create policy tenant on public.appointments to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
  end if;
end $$;

-- public.appointments: No other policy, and no role that is ever granted the table, gets past the tenant.
do $$ begin
  if not exists (select from pg_catalog.pg_policy
    where polrelid = 'public.appointments'::pg_catalog.regclass and polname = 'tenant_floor'
    and pg_catalog.pg_get_expr(polqual, polrelid) = '(tenant_id = ( SELECT (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid AS "nullif"))') then
    create policy tenant_floor on public.appointments as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
  end if;
end $$;

-- public.appointments: The policies hold.
alter table public.appointments enable row level security;

-- public.appointments: They hold for the owner too; foreign keys are still checked without them.
alter table public.appointments force row level security;

-- public.appointments: Nothing is done with the table that policies do not see, or that the application has
-- no business with.
revoke references, trigger, truncate on public.appointments from app;

-- public.audit_log: The application sees and writes the rows of the tenant it works for; without one, none.
do $$ begin
  if not exists (select from pg_catalog.pg_policy
    where polrelid = 'public.audit_log'::pg_catalog.regclass and polname = 'tenant'
    and pg_catalog.pg_get_expr(polqual, polrelid) = '(tenant_id = ( SELECT (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid AS "nullif"))') then
    create policy tenant on public.audit_log to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
  end if;
end $$;

-- public.audit_log: No other policy, and no role that is ever granted the table, gets past the tenant.
do $$ begin
  if not exists (select from pg_catalog.pg_policy
    where polrelid = 'public.audit_log'::pg_catalog.regclass and polname = 'tenant_floor'
    and pg_catalog.pg_get_expr(polqual, polrelid) = '(tenant_id = ( SELECT (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid AS "nullif"))') then
    create policy tenant_floor on public.audit_log as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
  end if;
end $$;

-- public.audit_log: The policies hold.
alter table public.audit_log enable row level security;

-- public.audit_log: They hold for the owner too; foreign keys are still checked without them.
alter table public.audit_log force row level security;

-- audit_log_months.audit_log_2026_01: The policies hold.
alter table audit_log_months.audit_log_2026_01 enable row level security;

-- audit_log_months.audit_log_2026_01: They hold for the owner too; foreign keys are still checked without
-- them.
alter table audit_log_months.audit_log_2026_01 force row level security;

-- audit_log_months.audit_log_2026_02: The policies hold.
alter table audit_log_months.audit_log_2026_02 enable row level security;

-- audit_log_months.audit_log_2026_02: They hold for the owner too; foreign keys are still checked without
-- them.
alter table audit_log_months.audit_log_2026_02 force row level security;

-- audit_log_months.audit_log_2026_03: The policies hold.
alter table audit_log_months.audit_log_2026_03 enable row level security;

-- audit_log_months.audit_log_2026_03: They hold for the owner too; foreign keys are still checked without
-- them.
alter table audit_log_months.audit_log_2026_03 force row level security;

-- audit_log_months.audit_log_2026_04: The policies hold.
alter table audit_log_months.audit_log_2026_04 enable row level security;

-- audit_log_months.audit_log_2026_04: They hold for the owner too; foreign keys are still checked without
-- them.
alter table audit_log_months.audit_log_2026_04 force row level security;

-- audit_log_months.audit_log_2026_05: The policies hold.
alter table audit_log_months.audit_log_2026_05 enable row level security;

-- audit_log_months.audit_log_2026_05: They hold for the owner too; foreign keys are still checked without
-- them.
alter table audit_log_months.audit_log_2026_05 force row level security;

-- audit_log_months.audit_log_2026_06: The policies hold.
alter table audit_log_months.audit_log_2026_06 enable row level security;

-- audit_log_months.audit_log_2026_06: They hold for the owner too; foreign keys are still checked without
-- them.
alter table audit_log_months.audit_log_2026_06 force row level security;

-- audit_log_months.audit_log_2026_07: The policies hold.
alter table audit_log_months.audit_log_2026_07 enable row level security;

-- audit_log_months.audit_log_2026_07: They hold for the owner too; foreign keys are still checked without
-- them.
alter table audit_log_months.audit_log_2026_07 force row level security;

-- audit_log_months.audit_log_2026_08: The policies hold.
alter table audit_log_months.audit_log_2026_08 enable row level security;

-- audit_log_months.audit_log_2026_08: They hold for the owner too; foreign keys are still checked without
-- them.
alter table audit_log_months.audit_log_2026_08 force row level security;

-- audit_log_months.audit_log_2026_09: The policies hold.
alter table audit_log_months.audit_log_2026_09 enable row level security;

-- audit_log_months.audit_log_2026_09: They hold for the owner too; foreign keys are still checked without
-- them.
alter table audit_log_months.audit_log_2026_09 force row level security;

-- audit_log_months.audit_log_2026_10: The policies hold.
alter table audit_log_months.audit_log_2026_10 enable row level security;

-- audit_log_months.audit_log_2026_10: They hold for the owner too; foreign keys are still checked without
-- them.
alter table audit_log_months.audit_log_2026_10 force row level security;

-- audit_log_months.audit_log_2026_11: The policies hold.
alter table audit_log_months.audit_log_2026_11 enable row level security;

-- audit_log_months.audit_log_2026_11: They hold for the owner too; foreign keys are still checked without
-- them.
alter table audit_log_months.audit_log_2026_11 force row level security;

-- audit_log_months.audit_log_2026_12: The policies hold.
alter table audit_log_months.audit_log_2026_12 enable row level security;

-- audit_log_months.audit_log_2026_12: They hold for the owner too; foreign keys are still checked without
-- them.
alter table audit_log_months.audit_log_2026_12 force row level security;

-- public.clinical_records: The application sees and writes the rows of the tenant it works for; without one,
-- none.
do $$ begin
  if not exists (select from pg_catalog.pg_policy
    where polrelid = 'public.clinical_records'::pg_catalog.regclass and polname = 'tenant'
    and pg_catalog.pg_get_expr(polqual, polrelid) = '(tenant_id = ( SELECT (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid AS "nullif"))') then
    create policy tenant on public.clinical_records to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
  end if;
end $$;

-- public.clinical_records: No other policy, and no role that is ever granted the table, gets past the tenant.
do $$ begin
  if not exists (select from pg_catalog.pg_policy
    where polrelid = 'public.clinical_records'::pg_catalog.regclass and polname = 'tenant_floor'
    and pg_catalog.pg_get_expr(polqual, polrelid) = '(tenant_id = ( SELECT (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid AS "nullif"))') then
    create policy tenant_floor on public.clinical_records as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
  end if;
end $$;

-- public.clinical_records: The policies hold.
alter table public.clinical_records enable row level security;

-- public.clinical_records: They hold for the owner too; foreign keys are still checked without them.
alter table public.clinical_records force row level security;

-- public.organizations: The application sees and writes the rows of the tenant it works for; without one,
-- none.
do $$ begin
  if not exists (select from pg_catalog.pg_policy
    where polrelid = 'public.organizations'::pg_catalog.regclass and polname = 'tenant'
    and pg_catalog.pg_get_expr(polqual, polrelid) = '(tenant_id = ( SELECT (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid AS "nullif"))') then
    create policy tenant on public.organizations to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
  end if;
end $$;

-- public.organizations: No other policy, and no role that is ever granted the table, gets past the tenant.
do $$ begin
  if not exists (select from pg_catalog.pg_policy
    where polrelid = 'public.organizations'::pg_catalog.regclass and polname = 'tenant_floor'
    and pg_catalog.pg_get_expr(polqual, polrelid) = '(tenant_id = ( SELECT (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid AS "nullif"))') then
    create policy tenant_floor on public.organizations as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
  end if;
end $$;

-- public.organizations: The policies hold.
alter table public.organizations enable row level security;

-- public.organizations: They hold for the owner too; foreign keys are still checked without them.
alter table public.organizations force row level security;

-- public.patient_profiles: The application sees and writes the rows of the tenant it works for; without one,
-- none.
do $$ begin
  if not exists (select from pg_catalog.pg_policy
    where polrelid = 'public.patient_profiles'::pg_catalog.regclass and polname = 'tenant'
    and pg_catalog.pg_get_expr(polqual, polrelid) = '(tenant_id = ( SELECT (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid AS "nullif"))') then
    create policy tenant on public.patient_profiles to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
  end if;
end $$;

-- public.patient_profiles: No other policy, and no role that is ever granted the table, gets past the tenant.
do $$ begin
  if not exists (select from pg_catalog.pg_policy
    where polrelid = 'public.patient_profiles'::pg_catalog.regclass and polname = 'tenant_floor'
    and pg_catalog.pg_get_expr(polqual, polrelid) = '(tenant_id = ( SELECT (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid AS "nullif"))') then
    create policy tenant_floor on public.patient_profiles as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
  end if;
end $$;

-- public.patient_profiles: The policies hold.
alter table public.patient_profiles enable row level security;

-- public.patient_profiles: They hold for the owner too; foreign keys are still checked without them.
alter table public.patient_profiles force row level security;

-- public.patients: The application sees and writes the rows of the tenant it works for; without one, none.
do $$ begin
  if not exists (select from pg_catalog.pg_policy
    where polrelid = 'public.patients'::pg_catalog.regclass and polname = 'tenant'
    and pg_catalog.pg_get_expr(polqual, polrelid) = '(tenant_id = ( SELECT (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid AS "nullif"))') then
    create policy tenant on public.patients to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
  end if;
end $$;

-- public.patients: No other policy, and no role that is ever granted the table, gets past the tenant.
do $$ begin
  if not exists (select from pg_catalog.pg_policy
    where polrelid = 'public.patients'::pg_catalog.regclass and polname = 'tenant_floor'
    and pg_catalog.pg_get_expr(polqual, polrelid) = '(tenant_id = ( SELECT (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid AS "nullif"))') then
    create policy tenant_floor on public.patients as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
  end if;
end $$;

-- public.patients: The policies hold.
alter table public.patients enable row level security;

-- public.patients: They hold for the owner too; foreign keys are still checked without them.
alter table public.patients force row level security;
