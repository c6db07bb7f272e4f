import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EdgeClient } from '../../examples/platform/load/edge-client.ts'
import { signIn } from '../../examples/platform/load/sign-in.ts'
import { ANNA, GRETA, LIAM, MIRA, OPS, type SeededAccount } from '../../examples/schema/seed/cast.ts'
import { BERG, LAKESIDE, SONNENHOF } from '../../examples/schema/seed/platform-clinics.ts'
import { callAbout, type Endpoint, endpointsOf } from './support/api-endpoints.ts'
import { fingerprintOf, idsOf, rowsOf, type TenantRows } from './support/tenant-rows.ts'
import { usePlatform } from './support/use-platform.ts'

const platform = usePlatform({ services: ['identity', 'core-api'] })
const CLINICS = [SONNENHOF, LAKESIDE, BERG]
/** Where each may work; Mira only with what is hers. */
const HOME: Readonly<Record<string, readonly string[]>> = {
  [ANNA.email]: [SONNENHOF.slug],
  [LIAM.email]: [LAKESIDE.slug],
  [GRETA.email]: [BERG.slug],
  [MIRA.email]: [SONNENHOF.slug, LAKESIDE.slug],
  [OPS.email]: [],
}
const PEOPLE: readonly SeededAccount[] = [ANNA, LIAM, GRETA, MIRA, OPS]

let client: EdgeClient
let endpoints: readonly Endpoint[]
const tokens = new Map<string, string>()
const rows = new Map<string, TenantRows>()

beforeAll(async () => {
  client = new EdgeClient(platform().edge.port)
  endpoints = await endpointsOf(client)
  for (const person of PEOPLE) {
    tokens.set(person.email, await signIn(client, person, platform().secrets.demoPassword))
  }
  for (const { slug, tenantId } of CLINICS) rows.set(slug, await rowsOf(platform(), tenantId, MIRA.personId))
})
afterAll(() => client?.[Symbol.dispose]())

describe('the Core API', () => {
  it('names every endpoint that the platform calls in its OpenAPI document', () => {
    expect(endpoints.length).toBeGreaterThanOrEqual(11)
    expect(endpoints.filter(({ path }) => path.includes('{id}')).length).toBeGreaterThanOrEqual(5)
  })

  describe.each(PEOPLE.map(({ email }) => email))('to %s', (email) => {
    const homes = HOME[email] ?? []

    it.each(CLINICS.filter(({ slug }) => !homes.includes(slug)).map(({ slug }) => slug))(
      'refuses every endpoint of %s, whatever row is named',
      async (slug) => {
        const { tenantId } = clinicOf(slug)
        const before = await fingerprintOf(platform(), tenantId)
        const strangers = await idsOf(platform(), tenantId)
        for (const endpoint of endpoints.filter(({ path }) => path.includes('{slug}'))) {
          const answer = await callAbout(client, endpoint, {
            slug,
            rows: rowsAt(slug),
            token: tokenOf(email),
          })
          expect([403, 404], `${endpoint.method} ${endpoint.path} answers ${answer.status}`).toContain(
            answer.status,
          )
          expect(idsIn(answer.text).filter((id) => strangers.has(id))).toEqual([])
        }
        expect(await fingerprintOf(platform(), tenantId)).toBe(before)
      },
    )

    it.each(homes)('at %s finds no row of another clinic, by any id in a path or a body', async (slug) => {
      for (const other of CLINICS.filter((clinic) => clinic.slug !== slug)) {
        const before = await fingerprintOf(platform(), other.tenantId)
        const strangers = await idsOf(platform(), other.tenantId)
        for (const endpoint of endpoints.filter(({ path }) => path.includes('{slug}'))) {
          const answer = await callAbout(client, endpoint, {
            slug,
            rows: rowsAt(other.slug),
            token: tokenOf(email),
          })
          const asksForRow =
            endpoint.path.includes('{id}') || JSON.stringify(endpoint.body ?? '').includes('uuid')
          if (asksForRow)
            expect(answer.status, `${endpoint.method} ${endpoint.path}`).toBeGreaterThanOrEqual(400)
          expect(answer.status, `${endpoint.method} ${endpoint.path}`).toBeLessThan(500)
          expect(idsIn(answer.text).filter((id) => strangers.has(id))).toEqual([])
        }
        expect(await fingerprintOf(platform(), other.tenantId)).toBe(before)
      }
    })
  })

  it('shows a patient nobody else of their own clinic', async () => {
    for (const slug of HOME[MIRA.email] ?? []) {
      const clinic = clinicOf(slug)
      const before = await fingerprintOf(platform(), clinic.tenantId)
      for (const endpoint of endpoints.filter(
        ({ path }) => path.includes('{slug}') && !path.includes('/me/'),
      )) {
        const answer = await callAbout(client, endpoint, {
          slug,
          rows: rowsAt(slug),
          token: tokenOf(MIRA.email),
        })
        expect(answer.status, `${endpoint.method} ${endpoint.path}`).toBeGreaterThanOrEqual(400)
        expect(answer.status, `${endpoint.method} ${endpoint.path}`).toBeLessThan(500)
      }
      expect(await fingerprintOf(platform(), clinic.tenantId)).toBe(before)
    }
  })

  it('refuses every endpoint to whoever has no token, and to a token that was changed', async () => {
    for (const endpoint of endpoints) {
      for (const token of ['', `${tokenOf(ANNA.email).slice(0, -8)}AAAAAAAA`]) {
        const about = { slug: SONNENHOF.slug, rows: rowsAt(SONNENHOF.slug), token }
        expect((await callAbout(client, endpoint, about)).status, endpoint.path).toBe(401)
      }
    }
  })
})

function clinicOf(slug: string) {
  const clinic = CLINICS.find((one) => one.slug === slug)
  if (!clinic) throw new Error(`There is no clinic ${slug}.`)
  return clinic
}

function rowsAt(slug: string): TenantRows {
  const found = rows.get(slug)
  if (!found) throw new Error(`Rows of ${slug} were not looked up.`)
  return found
}

function tokenOf(email: string): string {
  return tokens.get(email) ?? ''
}

function idsIn(text: string): readonly string[] {
  return text.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g) ?? []
}
