export { CACHE_PREFIX, TAGS } from './cache-tags.ts'
export type {
  AppointmentStatus,
  AppointmentsTable,
  AuditLogTable,
  ClinicalRecordsTable,
  Database,
  OrganizationDomainsTable,
  OrganizationsTable,
  PatientProfilesTable,
  PatientsTable,
  RecordKind,
} from './database.ts'
export { Directory, type Organization } from './organizations.ts'
export { type Chart, type ChartRecord, readChart } from './read-chart.ts'
