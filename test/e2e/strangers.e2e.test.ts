import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asAdmin } from '../../examples/platform/databases.ts'
import { EdgeClient } from '../../examples/platform/load/edge-client.ts'
import { signIn } from '../../examples/platform/load/sign-in.ts'
import { CLINIC_DATABASE } from '../../examples/platform/topology.ts'
import { CLINIC_HOST, PORTAL_HOST, signInAt } from '../../examples/platform/visit.ts'
import { ANNA, LIAM, MIRA, OPS } from '../../examples/schema/seed/cast.ts'
import { LAKESIDE, SONNENHOF } from '../../examples/schema/seed/platform-clinics.ts'
import { API_HOST } from './support/api-endpoints.ts'
import { useBrowser } from './support/browser.ts'
import { registerPatient } from './support/clinic-pages.ts'
import { recordPosts, replay } from './support/recorded-posts.ts'
import { fingerprintOf, rowsOf } from './support/tenant-rows.ts'
import { usePlatform } from './support/use-platform.ts'

const platform = usePlatform({ services: ['identity', 'core-api', 'clinic', 'portal', 'console'] })
const browser = useBrowser()
const HOME = CLINIC_HOST(SONNENHOF.slug)
const AWAY = CLINIC_HOST(LAKESIDE.slug)

let client: EdgeClient
const tokens = { anna: '', liam: '', mira: '', ops: '' }
let patient = ''

beforeAll(async () => {
  client = new EdgeClient(platform().edge.port)
  const { demoPassword } = platform().secrets
  for (const [name, account] of Object.entries({ anna: ANNA, liam: LIAM, mira: MIRA, ops: OPS })) {
    tokens[name as keyof typeof tokens] = await signIn(client, account, demoPassword)
  }
  patient = (await rowsOf(platform(), SONNENHOF.tenantId)).patient
}, 60_000)
afterAll(() => client?.[Symbol.dispose]())

const get = (host: string, path: string, session = '', headers: Readonly<Record<string, string>> = {}) =>
  client.call({ host, path, headers: { ...headers, ...(session && { cookie: `session=${session}` }) } })

/** What Next.js asks for in the browser; the address that it wants for it is in its first answer. */
async function fetchAhead(host: string, path: string, session: string) {
  const headers = { rsc: '1', 'next-router-prefetch': '1' }
  const first = await get(host, path, session, headers)
  return first.status === 307 ? get(host, first.headers.location ?? '', session, headers) : first
}

const countReads = () =>
  asAdmin(platform().topology.rig.primary.adminUrl(CLINIC_DATABASE), async (admin) =>
    Number((await admin.query<{ count: string }>('select count(*) from audit_log')).rows[0]?.count),
  )

describe('a stranger', () => {
  it('finds no answer with rows that a cache on the way was allowed to keep', async () => {
    const api = { authorization: `Bearer ${tokens.anna}` }
    const answers = await Promise.all([
      ...['/', '/patients', `/patients/${patient}`].map((path) => get(HOME, path, tokens.anna)),
      get(PORTAL_HOST, '/', tokens.mira),
      get(PORTAL_HOST, `/clinics/${SONNENHOF.slug}`, tokens.mira),
      ...['patients', `patients/${patient}/records`, `patients/${patient}/letter`, 'appointments'].map(
        (path) => get(API_HOST, `/v1/clinics/${SONNENHOF.slug}/${path}`, '', api),
      ),
    ])
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    for (const { headers } of answers) expect(headers['cache-control']).toMatch(/^private, .*no-store/)
  })

  it('gets nowhere with the session of one clinic at the host of another, whatever the headers say', async () => {
    const claims = ['x-forwarded-host', 'forwarded', 'x-original-host', 'x-host']
    for (const name of claims) {
      const value = `${name === 'forwarded' ? 'host=' : ''}${HOME}:${platform().edge.port}`
      const astray = await get(AWAY, '/patients', tokens.anna, { [name]: value })
      expect([name, astray.status, astray.headers.location]).toEqual([name, 307, '/login'])
      const own = await get(AWAY, '/patients', tokens.liam, { [name]: value })
      expect(own.text).toContain(LAKESIDE.name)
      expect(own.text).not.toContain(SONNENHOF.name)
    }
  })

  it.each(['/internal/metrics', '/%69nternal/metrics', '/./internal/metrics', '/%68ealthz', '/x/../readyz'])(
    'is not let through to %s',
    async (path) => {
      for (const host of [API_HOST, HOME, PORTAL_HOST]) expect((await get(host, path)).status).toBe(404)
    },
  )

  it('cannot have a browser sign somebody out', async () => {
    for (const [host, session] of [
      [HOME, tokens.anna],
      [PORTAL_HOST, tokens.mira],
      ['console.platform.localhost', tokens.ops],
    ] as const) {
      const post = (headers: Readonly<Record<string, string>>) =>
        client.call({
          host,
          path: '/logout',
          method: 'POST',
          headers: { cookie: `session=${session}`, ...headers },
        })
      for (const site of ['cross-site', 'same-site']) {
        const refused = await post({ 'sec-fetch-site': site })
        expect([host, refused.status, refused.headers['set-cookie']]).toEqual([host, 403, undefined])
      }
      expect((await post({ origin: 'https://stranger.example' })).status).toBe(403)
      expect((await post({ origin: platform().edge.url(host) })).status).toBe(303)
    }
  })

  it('cannot have a page of another host post for somebody, not of another clinic either', async () => {
    const { page, at, context } = await signInAt(browser(), platform(), HOME, ANNA)
    const somebody = { given: 'Ida', family: 'Origin', born: '1990-01-31' }
    const posts = await recordPosts(page, async () => {
      await registerPatient(page, at, somebody)
    })
    await context.close()
    expect(posts).not.toHaveLength(0)
    const { port } = platform().edge
    const as = { host: HOME, port, cookie: `session=${tokens.anna}` }
    const before = await fingerprintOf(platform(), SONNENHOF.tenantId)
    for (const origin of [`http://${AWAY}:${port}`, 'https://stranger.example', 'null']) {
      for (const post of posts) {
        const { status } = await replay(client, post, { ...as, origin })
        expect([origin, status]).toEqual([origin, 500])
      }
    }
    expect(await fingerprintOf(platform(), SONNENHOF.tenantId)).toBe(before)
    for (const post of posts) await replay(client, post, as)
    expect(await fingerprintOf(platform(), SONNENHOF.tenantId)).not.toBe(before)
  })

  it('reads no value in the log of an app that logs whatever is thrown', async () => {
    const day = '0000-01-01'
    expect((await get(HOME, `/?day=${day}`, tokens.anna)).status).toBe(500)
    await expect.poll(() => platform().supervisor.logTail('clinic', 100)).toContain('22008')
    expect(await platform().supervisor.logTail('clinic', 1_000)).not.toContain(day)
  })

  it('sees nothing by the way back behind somebody who has signed out', async () => {
    const { page, at, context } = await signInAt(browser(), platform(), HOME, ANNA)
    await page.goto(at('/patients'))
    await page.locator('a.row-link').first().click()
    await page.waitForURL(/\/patients\/[0-9a-f-]{36}/)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(/\/login/)
    for (let back = 0; back < 2; back += 1) {
      await page.goBack()
      await page.getByRole('heading', { name: SONNENHOF.name }).waitFor()
      expect(new URL(page.url()).pathname).toBe('/login')
    }
    await context.close()
  })
})

describe('what a browser fetches ahead', () => {
  it('is no chart, and so nothing that has to be logged', async () => {
    const before = await countReads()
    for (const [host, path, session] of [
      [HOME, `/patients/${patient}`, tokens.anna],
      [PORTAL_HOST, `/clinics/${SONNENHOF.slug}`, tokens.mira],
    ] as const) {
      const { status, text } = await fetchAhead(host, path, session)
      expect(status).toBe(200)
      expect(text.length).toBeLessThan(1_000)
    }
    expect(await countReads()).toBe(before)
    await get(HOME, `/patients/${patient}`, tokens.anna)
    expect(await countReads()).toBeGreaterThan(before)
  })
})
