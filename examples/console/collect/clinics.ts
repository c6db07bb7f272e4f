import type pg from 'pg'
import type { ClinicName } from './observation.ts'

/** By the hash that leasehold's events carry; see `TenantMetrics` of the kit. */
const CLINICS = `
  select distinct left(encode(sha256(tenant_id::text::bytea), 'hex'), 12) as "tenantHash", name, tenancy = 'dedicated' as "isDedicated"
  from organization_domains order by name`

/** `reltuples` is what ANALYZE or VACUUM counted last, and -1 before. */
const PATIENTS =
  "select reltuples::float8 as estimate from pg_class where oid = to_regclass('public.patients')"

/** Every clinic once. */
export async function readClinics(client: pg.ClientBase): Promise<readonly ClinicName[]> {
  return (await client.query<ClinicName>(CLINICS)).rows
}

/**
 * How many patients there are, about. The operators' login may read no row of them, so it cannot count.
 *
 * @throws {Error} where there are no statistics yet
 */
export async function readPatientEstimate(client: pg.ClientBase): Promise<number> {
  const estimate = (await client.query<{ estimate: number }>(PATIENTS)).rows[0]?.estimate ?? -1
  if (estimate < 0) throw new NotMeasuredError('The server has no statistics of the table yet')
  return estimate
}

/** Its message can be shown as it is. */
export class NotMeasuredError extends Error {
  override readonly name = 'NotMeasuredError'
}
