import type { ColumnType, Generated, GeneratedAlways } from 'kysely'

/** `date`: comes as a `Date` at midnight of the process's own time zone, so select it as text: `sql<string>\`birth_date::text\``. */
type DateColumn = ColumnType<Date, string, string>

/** Filled from `app.tenant_id` by the server, and never changed: no service names it. */
type TenantColumn = GeneratedAlways<string>

/** @see 02-organizations.sql */
export interface OrganizationsTable {
  tenant_id: TenantColumn
  name: string
  created_at: Generated<Date>
}

/** @see platform/01-organization-domains.sql */
export interface OrganizationDomainsTable {
  host: string
  tenant_id: string
  slug: string
  name: string
  tenancy: 'shared' | 'dedicated'
  issuer: string
  time_zone: string
}

/** @see 03-patient-profiles.sql */
export interface PatientProfilesTable {
  tenant_id: TenantColumn
  id: Generated<string>
  person_id: ColumnType<string, string, never>
  given_name: string
  family_name: string
  birth_date: DateColumn
}

/** @see 04-patients.sql */
export interface PatientsTable {
  tenant_id: TenantColumn
  id: Generated<string>
  profile_id: ColumnType<string, string, never>
  chart_number: ColumnType<number, number, never>
  registered_on: ColumnType<Date, string | undefined, never>
}

export type AppointmentStatus = 'booked' | 'arrived' | 'done' | 'cancelled' | 'missed'

/** @see 05-appointments.sql */
export interface AppointmentsTable {
  tenant_id: TenantColumn
  id: Generated<string>
  patient_id: ColumnType<string, string, never>
  starts_at: ColumnType<Date, Date | string, Date | string>
  minutes: Generated<number>
  status: Generated<AppointmentStatus>
  booked_by: ColumnType<string, string, never>
}

export type RecordKind = 'note' | 'diagnosis' | 'prescription' | 'result'

/** @see 06-clinical-records.sql */
export interface ClinicalRecordsTable {
  tenant_id: TenantColumn
  id: Generated<string>
  patient_id: ColumnType<string, string, never>
  recorded_at: ColumnType<Date, Date | string | undefined, never>
  kind: ColumnType<RecordKind, RecordKind, never>
  body: ColumnType<string, string, never>
  author: ColumnType<string, string, never>
}

/** @see 07-audit-log.sql */
export interface AuditLogTable {
  tenant_id: TenantColumn
  at: ColumnType<Date, Date | string | undefined, never>
  id: Generated<string>
  actor: ColumnType<string, string, never>
  action: ColumnType<'read' | 'write', 'read' | 'write', never>
  record_id: ColumnType<string, string, never>
}

/** The tables that services work with, as Kysely has them. */
export interface Database {
  organizations: OrganizationsTable
  organization_domains: OrganizationDomainsTable
  patient_profiles: PatientProfilesTable
  patients: PatientsTable
  appointments: AppointmentsTable
  clinical_records: ClinicalRecordsTable
  audit_log: AuditLogTable
}
