import { asAdmin } from '../../../examples/platform/databases.ts'
import type { Platform } from '../../../examples/platform/platform.ts'
import { CLINIC_DATABASE } from '../../../examples/platform/topology.ts'

/** Ids of rows that belong to a clinic, one of each table. */
export interface TenantRows {
  readonly patient: string
  readonly appointment: string
  readonly record: string
  readonly profile: string
}

/** Rows of a clinic; of another person than `notOf`, where one is named. */
export function rowsOf(platform: Platform, tenantId: string, notOf?: string): Promise<TenantRows> {
  return asAdmin(platform.topology.rig.primary.adminUrl(CLINIC_DATABASE), async (admin) => {
    const { rows } = await admin.query<TenantRows>(
      `select patient.id as patient, appointment.id as appointment, record.id as record, profile.id as profile
       from patients patient
         join patient_profiles profile on (profile.tenant_id, profile.id) = (patient.tenant_id, patient.profile_id)
         join appointments appointment on (appointment.tenant_id, appointment.patient_id) = (patient.tenant_id, patient.id)
         join clinical_records record on (record.tenant_id, record.patient_id) = (patient.tenant_id, patient.id)
       where patient.tenant_id = $1 and profile.person_id is distinct from $2
       order by appointment.status = 'booked' desc, patient.id limit 1`,
      [tenantId, notOf ?? null],
    )
    const [row] = rows
    if (!row) throw new Error(`Clinic ${tenantId} has no patient with an appointment and a record.`)
    return row
  })
}

/** Changes with every change of a clinic's rows, what its audit log says included. */
export function fingerprintOf(platform: Platform, tenantId: string): Promise<string> {
  return asAdmin(platform.topology.rig.primary.adminUrl(CLINIC_DATABASE), async (admin) => {
    const { rows } = await admin.query<{ print: string }>(
      `select string_agg(name || ' ' || count || ' ' || hash, ', ' order by name) as print from (
         select 'patient_profiles' as name, count(*), sum(hashtextextended(t::text, 0)::numeric) as hash from patient_profiles t where tenant_id = $1
         union all select 'patients', count(*), sum(hashtextextended(t::text, 0)::numeric) from patients t where tenant_id = $1
         union all select 'appointments', count(*), sum(hashtextextended(t::text, 0)::numeric) from appointments t where tenant_id = $1
         union all select 'clinical_records', count(*), sum(hashtextextended(t::text, 0)::numeric) from clinical_records t where tenant_id = $1
         union all select 'audit_log', count(*), sum(hashtextextended(t::text, 0)::numeric) from audit_log t where tenant_id = $1
       ) as tables`,
      [tenantId],
    )
    return rows[0]?.print ?? ''
  })
}

/** Every id that belongs to a clinic. */
export function idsOf(platform: Platform, tenantId: string): Promise<ReadonlySet<string>> {
  return asAdmin(platform.topology.rig.primary.adminUrl(CLINIC_DATABASE), async (admin) => {
    const { rows } = await admin.query<{ id: string }>(
      `select id from patient_profiles where tenant_id = $1 union all select id from patients where tenant_id = $1
       union all select id from appointments where tenant_id = $1 union all select id from clinical_records where tenant_id = $1`,
      [tenantId],
    )
    return new Set(rows.map(({ id }) => id))
  })
}

/** Every id of one person at a clinic. */
export function ownIdsOf(
  platform: Platform,
  tenantId: string,
  personId: string,
): Promise<ReadonlySet<string>> {
  return asAdmin(platform.topology.rig.primary.adminUrl(CLINIC_DATABASE), async (admin) => {
    const { rows } = await admin.query<{ id: string }>(
      `with profile as (select id from patient_profiles where tenant_id = $1 and person_id = $2),
         patient as (select id from patients where tenant_id = $1 and profile_id in (select id from profile))
       select id from profile union all select id from patient
       union all select id from appointments where tenant_id = $1 and patient_id in (select id from patient)
       union all select id from clinical_records where tenant_id = $1 and patient_id in (select id from patient)`,
      [tenantId, personId],
    )
    return new Set(rows.map(({ id }) => id))
  })
}
