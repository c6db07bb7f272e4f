import type { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { planClinics } from '../../examples/demo/data/clinics.ts'
import { createSchema, loadData } from '../../examples/demo/data/load.ts'
import { createDatabase } from '../../src/testing/rig/databases.ts'
import { connect, SEED, SMALL, type SmallClinics, startSmallClinics } from './small-clinics.ts'

const TABLES = [
  'organizations',
  'patient_profiles',
  'patients',
  'appointments',
  'clinical_records',
  'audit_log',
] as const

let resources: AsyncDisposableStack
let clinics: SmallClinics

beforeAll(async () => {
  resources = new AsyncDisposableStack()
  clinics = await startSmallClinics(resources)
})
afterAll(() => resources?.disposeAsync())

/** Rows and checksum of each table; the order of rows does not matter. */
async function fingerprint(admin: Client): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const table of TABLES) {
    const { rows } = await admin.query<{ fingerprint: string }>(
      `select count(*) || ':' || sum(hashtextextended(t::text, 0)) as fingerprint from ${table} as t`,
    )
    found[table] = rows[0]?.fingerprint ?? ''
  }
  return found
}

async function fingerprintOf(seed: number): Promise<Record<string, string>> {
  await using scope = new AsyncDisposableStack()
  const { name } = await createDatabase(clinics.primary)
  const admin = await connect(clinics.primary.adminUrl(name), scope)
  await createSchema(admin)
  await loadData(admin, seed, planClinics(seed, SMALL))
  return await fingerprint(admin)
}

it('is the same for the same seed, on every machine', async () => {
  const first = await fingerprint(clinics.admin)
  expect(await fingerprintOf(SEED)).toEqual(first)
  expect(first).toMatchInlineSnapshot(`
    {
      "appointments": "2453:312181769922813655884",
      "audit_log": "2443:203152369488342552149",
      "clinical_records": "1637:-148917643591281907549",
      "organizations": "6:7688517634878221866",
      "patient_profiles": "1500:88853767580992612784",
      "patients": "1500:224634824969444796403",
    }
  `)
})

it('differs from seed to seed, in every table', async () => {
  const first = await fingerprint(clinics.admin)
  const second = await fingerprintOf(SEED + 1)
  for (const table of TABLES) expect(second[table]).not.toBe(first[table])
})

it('breaks no foreign key, though they are not checked while it is loaded', async () => {
  const { rows } = await clinics.admin.query<{ statement: string }>(
    `select format('alter table %s drop constraint %I, add constraint %2$I %s',
       conrelid::regclass, conname, pg_get_constraintdef(oid)) as statement
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  )
  expect(rows.length).toBeGreaterThanOrEqual(4)
  // PostgreSQL checks every row when a foreign key is added.
  for (const { statement } of rows) await clinics.admin.query(statement)
})

it('has as many patients as asked for, the largest clinic many times the smallest', async () => {
  const { rows } = await clinics.admin.query<{ patients: number }>(
    'select count(*)::int as patients from patients group by tenant_id order by 1 desc',
  )
  expect(rows.map(({ patients }) => patients)).toEqual(clinics.clinics.map(({ patients }) => patients))
  expect(rows.reduce((sum, { patients }) => sum + patients, 0)).toBe(SMALL.patients)
})

it('has people who are patients of several clinics', async () => {
  const { rows } = await clinics.admin.query(
    `select person_id from patient_profiles group by 1
     having count(distinct tenant_id) > 1 and count(distinct (given_name, family_name, birth_date)) = 1`,
  )
  expect(rows.length).toBeGreaterThan(SMALL.patients / 50)
})
