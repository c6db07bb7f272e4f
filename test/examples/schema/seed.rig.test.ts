import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { platformClinics } from '../../../examples/schema/seed/platform-clinics.ts'
import { type PlatformSchema, startPlatformSchema } from '../support/start-platform-schema.ts'

let resources: AsyncDisposableStack
let platform: PlatformSchema
let admin: Client

beforeAll(async () => {
  resources = new AsyncDisposableStack()
  platform = await startPlatformSchema(
    resources,
    { standbys: 0, redis: false },
    { clinics: 20, identityUrl: 'http://127.0.0.1:1', today: new Date('2026-03-10T12:00:00Z') },
  )
  admin = platform.admin
})
afterAll(() => resources?.disposeAsync())

async function numbers(text: string): Promise<Record<string, number>> {
  const { rows } = await admin.query(text)
  return rows[0]
}

describe('the seed', () => {
  it('fills twenty clinics with some hundred patients each within 20 seconds', () => {
    expect(platform.seeded.patients).toBe(6_002)
    expect(platform.seeded.ms).toBeLessThan(20_000)
  })

  it('breaks no foreign key, though it loads without their check', async () => {
    const { rows } =
      await admin.query(`select conrelid::regclass::text as child, confrelid::regclass::text as parent, keys.*
      from pg_constraint, lateral (
        select
          string_agg(format('c.%I = p.%I', child.attname, parent.attname), ' and ') as matches,
          min(child.attname) as column
        from unnest(conkey, confkey) key (child, parent)
          join pg_attribute child on child.attrelid = conrelid and child.attnum = key.child
          join pg_attribute parent on parent.attrelid = confrelid and parent.attnum = key.parent
      ) keys where contype = 'f'`)
    expect(rows.length).toBeGreaterThanOrEqual(4)
    for (const { child, parent, matches } of rows) {
      const { rowCount } = await admin.query(
        `select from ${child} c where not exists (select from ${parent} p where ${matches})`,
      )
      expect(`${child}: ${rowCount}`).toBe(`${child}: 0`)
    }
  })

  it('has persons that clinics of shared tenancy have in common, and a dedicated tenant with none of them', async () => {
    const shared = `select person_id from patient_profiles group by person_id having count(*) > 1`
    const { persons, named } = await numbers(`
      select count(distinct person_id)::int as persons, count(distinct (person_id, given_name, family_name, birth_date))::int as named
      from patient_profiles where person_id in (${shared})`)
    expect(persons).toBeGreaterThan(5)
    expect(named).toBe(persons)
    const { dedicated } = await numbers(`
      select count(*)::int as dedicated from patient_profiles join organization_domains using (tenant_id)
      where tenancy = 'dedicated' and person_id in (${shared})`)
    expect(dedicated).toBe(0)
  })

  it("gives every clinic a day's work today, as its own wall clock shows it", async () => {
    const { rows } = await admin.query(`
      select tenant_id, count(*)::int as n,
        min((starts_at at time zone time_zone)::time)::text as first, max((starts_at at time zone time_zone)::time)::text as last
      from appointments join (select distinct tenant_id, time_zone from organization_domains) domain using (tenant_id)
      where (starts_at at time zone time_zone)::date = '2026-03-10' group by tenant_id`)
    expect(rows).toHaveLength(20)
    for (const { n, first, last } of rows) {
      expect(n).toBeGreaterThanOrEqual(14)
      expect([first >= '08:00:00', last < '18:00:00']).toEqual([true, true])
    }
  })

  it('makes the same ids on every machine, whatever the number of clinics', () => {
    expect(platformClinics(20).slice(0, 10)).toEqual(platformClinics(10))
    expect(platformClinics(3).map(({ tenantId }) => tenantId)).toMatchInlineSnapshot(`
      [
        "37e0566d-cb32-553b-bae9-f50111649c53",
        "c913574c-e480-5fc0-ae18-1278306643f5",
        "3e3cf5d7-127e-5b6b-8a76-1761db6a035f",
      ]
    `)
    const slugs = platformClinics(60).map(({ slug }) => slug)
    expect(new Set(slugs).size).toBe(60)
  })
})
