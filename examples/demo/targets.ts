import type { ClientBase } from 'pg'
import type { Clinic } from './data/clinics.ts'
import { DAY_PAGE } from './operations.ts'

/** What the operations of one clinic ask for, and how many rows they must get. */
export interface Targets {
  readonly clinic: Clinic
  /** Days before November, on which nothing changes any more, with the rows of the first page. */
  readonly days: readonly { readonly day: string; readonly rows: number }[]
  readonly patients: readonly string[]
  readonly records: readonly string[]
  /** Appointments from November on. */
  readonly upcoming: readonly string[]
}

/** Reads the targets past all policies, so that what is expected does not come from what is tested. */
export async function readTargets(
  admin: ClientBase,
  clinics: readonly Clinic[],
): Promise<readonly Targets[]> {
  const days = await collect<{ day: string; rows: number }>(admin, FIRST_PAGES)
  const patients = await collect<string>(admin, sampleOf('patients'))
  const records = await collect<string>(admin, sampleOf('clinical_records'))
  const upcoming = await collect<string>(
    admin,
    sampleOf("appointments where starts_at >= '2026-11-01 00:00+00'"),
  )
  return clinics.map((clinic) => ({
    clinic,
    days: days.get(clinic.tenantId) ?? [],
    patients: patients.get(clinic.tenantId) ?? [],
    records: records.get(clinic.tenantId) ?? [],
    upcoming: upcoming.get(clinic.tenantId) ?? [],
  }))
}

const FIRST_PAGES = `
  select tenant_id, json_agg(json_build_object('day', day, 'rows', least(visits, ${DAY_PAGE})) order by day) as found
  from (
    select tenant_id, date_trunc('day', starts_at, 'UTC') as day, count(*) as visits
    from appointments where starts_at < '2026-11-01 00:00+00' group by 1, 2
  ) as busy group by 1`

/** Up to 500 ids of each clinic, the same ones each time. */
function sampleOf(source: string): string {
  return `
    select tenant_id, json_agg(id order by id) as found
    from (select tenant_id, id, row_number() over (partition by tenant_id order by id) as nth from ${source}) as numbered
    where nth <= 500 group by 1`
}

async function collect<Found>(admin: ClientBase, text: string): Promise<Map<string, readonly Found[]>> {
  const { rows } = await admin.query<{ tenant_id: string; found: Found[] }>(text)
  return new Map(rows.map(({ tenant_id, found }) => [tenant_id, found]))
}
