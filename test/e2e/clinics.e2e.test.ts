import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EdgeClient } from '../../examples/platform/load/edge-client.ts'
import { CLINIC_HOST, fillLogin, signInAt, type Visit, visit } from '../../examples/platform/visit.ts'
import { ANNA, GRETA, LIAM, MIRA, OPS, type SeededAccount } from '../../examples/schema/seed/cast.ts'
import {
  BERG,
  LAKESIDE,
  type PlatformClinic,
  SONNENHOF,
} from '../../examples/schema/seed/platform-clinics.ts'
import { useBrowser } from './support/browser.ts'
import { addRecord, bookAppointment, changeFirstStatus, registerPatient } from './support/clinic-pages.ts'
import { crawl } from './support/crawl.ts'
import { type RecordedPost, recordPosts, replay } from './support/recorded-posts.ts'
import { fingerprintOf, idsOf, rowsOf } from './support/tenant-rows.ts'
import { usePlatform } from './support/use-platform.ts'

const platform = usePlatform()
const browser = useBrowser()

interface Desk {
  readonly clinic: PlatformClinic
  readonly account: SeededAccount
  readonly host: string
}
const DESKS: readonly Desk[] = [
  { clinic: SONNENHOF, account: ANNA, host: CLINIC_HOST(SONNENHOF.slug) },
  { clinic: LAKESIDE, account: LIAM, host: CLINIC_HOST(LAKESIDE.slug) },
  { clinic: BERG, account: GRETA, host: BERG.domain ?? '' },
]
const PAIRS = DESKS.flatMap((desk) =>
  DESKS.filter((other) => other !== desk).map((other) => [desk.clinic.slug, other.clinic.slug] as const),
)

const visits = new Map<string, Visit>()
/** What each clinic's staff posted from its pages. */
const posts = new Map<string, readonly RecordedPost[]>()
let client: EdgeClient

beforeAll(async () => {
  client = new EdgeClient(platform().edge.port)
  for (const { clinic, account, host } of DESKS) {
    visits.set(clinic.slug, await signInAt(browser(), platform(), host, account))
  }
}, 60_000)
afterAll(() => client?.[Symbol.dispose]())

describe('staff of three clinics, side by side', () => {
  it.each(DESKS.map(({ clinic }) => clinic.slug))(
    'at %s see pages of their own clinic, and no id of another',
    async (slug) => {
      const own = deskOf(slug)
      const strangers = new Set<string>()
      for (const { clinic } of DESKS.filter((desk) => desk !== own)) {
        for (const id of await idsOf(platform(), clinic.tenantId)) strangers.add(id)
      }
      const pages = await crawl(visitOf(slug), '/', {
        onPage: async (page) => {
          expect(idsIn(await page.content()).filter((id) => strangers.has(id))).toEqual([])
        },
      })
      expect(pages.filter(({ status }) => status !== 200)).toEqual([])
      expect(pages.length).toBeGreaterThanOrEqual(4)
      expect(await visitOf(slug).page.title()).toContain(own.clinic.name)
    },
    120_000,
  )

  it.each(DESKS.map(({ clinic }) => clinic.slug))(
    'at %s register, book, write and change, and see it on the next page',
    async (slug) => {
      const { page, at } = visitOf(slug)
      const recorded = await recordPosts(page, async () => {
        const path = await registerPatient(page, at, {
          given: 'Ida',
          family: `Beispiel-${slug}`,
          born: '1979-05-23',
        })
        await expectText(page, `Beispiel-${slug}`)
        await addRecord(page, at, path, `Seen at ${slug} today.`)
        await expectText(page, `Seen at ${slug} today.`)
        await bookAppointment(page, at, path)
        await changeFirstStatus(page, at)
      })
      posts.set(slug, recorded)
      expect(recorded.length).toBeGreaterThanOrEqual(4)
      expect(visitOf(slug).complaints).toEqual([])
    },
    120_000,
  )

  it.each(PAIRS)(
    'of %s find nothing at any address that names a row of %s',
    async (slug, other) => {
      const { page, at } = visitOf(slug)
      const strangers = await idsOf(platform(), deskOf(other).clinic.tenantId)
      const rows = await rowsOf(platform(), deskOf(other).clinic.tenantId)
      const paths = (await crawl(visitOf(other), '/')).map(({ path }) => path)
      for (const path of new Set([
        ...paths,
        ...Object.values(rows).flatMap((id) => [`/patients/${id}`, `/patients/${id}/records/new`]),
      ])) {
        const response = await page.goto(at(path))
        // What was asked for may be said again.
        const asked = new Set(idsIn(path))
        const shown = idsIn(await page.content()).filter((id) => strangers.has(id) && !asked.has(id))
        expect(shown, path).toEqual([])
        if (idsIn(path).some((id) => strangers.has(id))) expect(response?.status(), path).toBe(404)
      }
    },
    120_000,
  )

  it.each(PAIRS)(
    'of %s change nothing at %s by any form that is sent there with their session',
    async (slug, other) => {
      const before = await fingerprintOf(platform(), deskOf(other).clinic.tenantId)
      const strangers = await idsOf(platform(), deskOf(other).clinic.tenantId)
      const cookie = await cookiesOf(visitOf(slug))
      const { port } = platform().edge
      for (const post of posts.get(other) ?? []) {
        // As it was, to the other clinic's host; and to the own host, where it names the other clinic's rows.
        for (const host of [deskOf(other).host, deskOf(slug).host]) {
          const answer = await replay(client, post, { host, port, cookie })
          expect(answer.status, `${post.path} on ${host}`).not.toBe(500)
          expect(
            idsIn(answer.text).filter(
              (id) => strangers.has(id) && !post.body.includes(id) && !post.path.includes(id),
            ),
          ).toEqual([])
        }
      }
      expect(await fingerprintOf(platform(), deskOf(other).clinic.tenantId)).toBe(before)
    },
    60_000,
  )

  it.each(PAIRS)('of %s are sent to the login of %s with the session that they have', async (slug, other) => {
    const cookie = await cookiesOf(visitOf(slug))
    for (const path of ['/', '/patients']) {
      const answer = await client.call({ host: deskOf(other).host, path, headers: { cookie } })
      expect([302, 303, 307, 401, 403]).toContain(answer.status)
    }
  })
})

describe('the login of a clinic', () => {
  it.each([
    ['staff of another clinic', CLINIC_HOST(SONNENHOF.slug), LIAM],
    ['staff of a dedicated tenant, at a shared one', CLINIC_HOST(SONNENHOF.slug), GRETA],
    ['shared staff, at a dedicated tenant', BERG.domain ?? '', ANNA],
    ['a patient', CLINIC_HOST(SONNENHOF.slug), MIRA],
    ['an operator', CLINIC_HOST(SONNENHOF.slug), OPS],
  ])('refuses %s', async (_who, host, account) => {
    const { page, at, context } = await visit(browser(), platform(), host)
    await page.goto(at('/login'))
    await fillLogin(page, account.email, platform().secrets.demoPassword)
    await page.getByRole('alert').filter({ hasText: /\S/ }).first().waitFor()
    expect(new URL(page.url()).pathname).toBe('/login')
    await context.close()
  })

  it('knows no stranger: a host of no clinic is not found', async () => {
    for (const host of ['nowhere.clinic.platform.localhost', 'stranger.localhost']) {
      expect((await client.call({ host, path: '/login' })).status).toBe(404)
    }
  })
})

function deskOf(slug: string): Desk {
  const desk = DESKS.find(({ clinic }) => clinic.slug === slug)
  if (!desk) throw new Error(`Nobody of ${slug} takes part.`)
  return desk
}

function visitOf(slug: string): Visit {
  const found = visits.get(slug)
  if (!found) throw new Error(`Nobody of ${slug} has signed in.`)
  return found
}

async function cookiesOf({ context }: Visit): Promise<string> {
  return (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
}

async function expectText(page: Visit['page'], text: string): Promise<void> {
  await page.getByText(text).first().waitFor()
}

function idsIn(text: string): readonly string[] {
  return text.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g) ?? []
}
