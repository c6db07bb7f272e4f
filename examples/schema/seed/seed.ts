import { readFile } from 'node:fs/promises'
import type { ClientBase } from 'pg'
import { MIRA } from './cast.ts'
import { BODIES, CLINICIANS, FAMILY_NAMES, GIVEN_NAMES } from './phrases.ts'
import { BERG, type PlatformClinic, platformClinics } from './platform-clinics.ts'
import { seedMira } from './seed-mira.ts'

/** How much to make. */
export interface SeedOptions {
  /** Clinics, at least 3. @default 10 */
  readonly clinics?: number
  /** Patients of all clinics together. @default 300 for each clinic */
  readonly patients?: number
  /** Where tokens come from, as it stands in their `iss`: `${identityUrl}/issuers/shared`. */
  readonly identityUrl: string
  /** What the names of hosts end with. @default 'platform.localhost' */
  readonly platformHost?: string
  /** The day around which appointments lie. @default today */
  readonly today?: Date
}

/** What was made. */
export interface Seeded {
  readonly clinics: readonly PlatformClinic[]
  readonly patients: number
  readonly ms: number
}

const PATIENTS_OF_A_CLINIC = 300
/** A dedicated tenant pays for its own and is the largest. */
const SHARE_OF_DEDICATED = 2

/**
 * Fills the platform's schema: clinics, their host names, patients, two months of appointments, and records. The same on every
 * machine, but for the days, which lie around `today`. The server makes the rows from numbers, so that a million takes a minute.
 *
 * @param admin a superuser's session: policies do not hold it, and it may leave out the check of foreign keys
 */
export async function seed(admin: ClientBase, options: SeedOptions): Promise<Seeded> {
  const startedAtMs = performance.now()
  const clinics = platformClinics(Math.max(3, options.clinics ?? 10))
  const patients = options.patients ?? clinics.length * PATIENTS_OF_A_CLINIC
  const today = (options.today ?? new Date()).toISOString().slice(0, 10)
  await admin.query('begin')
  await admin.query(DRAWING)
  await admin.query(
    `insert into seeded_clinics (tenant_id, tenancy, time_zone, patients, today)
     select tenant_id, tenancy, time_zone, patients, $5
     from unnest($1::uuid[], $2::text[], $3::text[], $4::int[]) as clinic (tenant_id, tenancy, time_zone, patients)`,
    [
      clinics.map(({ tenantId }) => tenantId),
      clinics.map(({ tenancy }) => tenancy),
      clinics.map(({ timeZone }) => timeZone),
      shareOut(clinics, patients),
      today,
    ],
  )
  await admin.query(
    `insert into organizations (tenant_id, name, created_at)
     select tenant_id, name, '2024-01-01 00:00+00' from unnest($1::uuid[], $2::text[]) as clinic (tenant_id, name)`,
    [clinics.map(({ tenantId }) => tenantId), clinics.map(({ name }) => name)],
  )
  await seedDomains(admin, clinics, options)
  // As `pg_restore --disable-triggers` does: checking each foreign key of half a million rows would take most of the time.
  await admin.query('set local session_replication_role = replica')
  const bodies = Object.entries(BODIES).flatMap(([kind, texts]) => texts.map((body) => ({ kind, body })))
  await run(admin, '1-people.sql', [GIVEN_NAMES, FAMILY_NAMES])
  await run(admin, '2-patients.sql', [])
  await run(admin, '3-appointments.sql', [CLINICIANS])
  await run(admin, '4-records.sql', [
    bodies.map(({ kind }) => kind),
    bodies.map(({ body }) => body),
    CLINICIANS,
  ])
  await admin.query('set local session_replication_role = origin')
  await seedMira(admin, clinics, today)
  await admin.query('drop table seeded_clinics')
  await admin.query('commit')
  await admin.query('analyze')
  return {
    clinics,
    patients: patients + MIRA.clinics.length,
    ms: Math.round(performance.now() - startedAtMs),
  }
}

/**
 * The host names of clinics, and whose tokens are good for them. Also for another database that has to know, as that of telemetry.
 */
export async function seedDomains(
  admin: ClientBase,
  clinics: readonly PlatformClinic[],
  { identityUrl, platformHost = 'platform.localhost' }: Pick<SeedOptions, 'identityUrl' | 'platformHost'>,
): Promise<void> {
  const hosts = clinics.flatMap((clinic) =>
    [`${clinic.slug}.clinic.${platformHost}`, ...(clinic.domain ? [clinic.domain] : [])].map((host) => ({
      host,
      tenant_id: clinic.tenantId,
      slug: clinic.slug,
      name: clinic.name,
      tenancy: clinic.tenancy,
      issuer: `${identityUrl.replace(/\/$/, '')}/issuers/${clinic.issuer}`,
      time_zone: clinic.timeZone,
    })),
  )
  await admin.query(
    `insert into organization_domains
     select * from jsonb_populate_recordset(null::organization_domains, $1)`,
    [JSON.stringify(hosts)],
  )
}

/** All clinics are given the same, but the dedicated one more. What is left over goes to the first. */
function shareOut(clinics: readonly PlatformClinic[], patients: number): readonly number[] {
  const weights = clinics.map(({ slug }) => (slug === BERG.slug ? SHARE_OF_DEDICATED : 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const shares = weights.map((weight) => Math.floor((patients * weight) / total))
  const left = patients - shares.reduce((sum, share) => sum + share, 0)
  return shares.map((share, index) => (index === 0 ? share + left : share))
}

async function run(admin: ClientBase, file: string, values: unknown[]): Promise<void> {
  await admin.query(await readFile(`${import.meta.dirname}/${file}`, 'utf8'), values)
}

/** What the SQL files beside this one draw with. PostgreSQL keeps this hash as it is from version to version. */
const DRAWING = `
  create temporary table seeded_clinics (
    tenant_id uuid, tenancy text, time_zone text, patients int, today date
  ) on commit drop;

  create or replace function pg_temp.roll(id uuid, salt int, sides int) returns int language sql immutable
  return (uuid_hash_extended(id, salt) & 2147483647) % sides;

  create or replace function pg_temp.id_of(kind text, owner text, n bigint) returns uuid language sql immutable
  return overlay(overlay(md5(kind || ':' || owner || ':' || n::text) placing '4' from 13) placing '8' from 17)::uuid`
