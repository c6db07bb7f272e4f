import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { EdgeClient } from '../../examples/platform/load/edge-client.ts'
import { signIn } from '../../examples/platform/load/sign-in.ts'
import { CONSOLE_HOST, fillLogin, signInAt, type Visit, visit } from '../../examples/platform/visit.ts'
import { ANNA, GRETA, MIRA, OPS } from '../../examples/schema/seed/cast.ts'
import { BERG, SONNENHOF } from '../../examples/schema/seed/platform-clinics.ts'
import { API_HOST } from './support/api-endpoints.ts'
import { useBrowser } from './support/browser.ts'
import { idsOf } from './support/tenant-rows.ts'
import { usePlatform } from './support/use-platform.ts'

/** The router takes a replica out that is more than 5 s behind in two of three probes. */
const LAG_MS = 9_000
const SEEN_WITHIN_MS = 30_000
/** An ejected replica is probed again after 5, 10, 20 s. */
const BACK_WITHIN_MS = 60_000

const platform = usePlatform({ services: ['identity', 'core-api', 'telemetry-api', 'console'] })
const browser = useBrowser()
let ops: Visit

beforeAll(async () => {
  ops = await signInAt(browser(), platform(), CONSOLE_HOST, OPS)
  await platform().startLoad({ shape: 'steady', perSecond: 30 })
}, 60_000)

describe('the Console', () => {
  it('moves by itself: requests of the load are counted without a reload', async () => {
    const served = async () => Number((await fact('r1', 'Served')).replaceAll(/\D/g, ''))
    const before = await served()
    await waitFor(async () => (await served()) > before + 20)
  }, 60_000)

  it('shows the connections of services within the budget', async () => {
    const table = ops.page.getByRole('region', { name: 'Connections to clinic by role' })
    const row = table.getByRole('row').filter({ has: ops.page.getByText('app', { exact: true }) })
    const total = Number(await row.getByRole('cell').first().innerText())
    expect(total).toBeGreaterThan(0)
    expect(total).toBeLessThanOrEqual(4)
  })

  it('shows months ahead for the audit log and for telemetry', async () => {
    const section = ops.page.locator('#partitions')
    for (const name of ['audit_log', 'events']) await section.getByText(name).first().waitFor()
  })

  it('shows a lag, and that the replica is out until it has caught up', async () => {
    const lag = await platform().faults.addLag(LAG_MS, ['r1'])
    await waitFor(async () => (await state('r1')) === 'lagging')
    expect(parseMs(await fact('r1', 'Lag'))).toBeGreaterThan(3_000)
    expect(await state('r2')).toMatch(/healthy|warming/)
    await lag.heal()
    await waitFor(async () => /healthy|warming/.test(await state('r1')))
  }, 120_000)

  it('shows that a killed replica is ejected, and its return', async () => {
    const fault = await platform().faults.killReplica('r2')
    await waitFor(async () => (await state('r2')) === 'ejected')
    expect(await ops.page.getByRole('main').innerText()).toContain('r2')
    await fault.heal()
    await waitFor(async () => /healthy|warming/.test(await state('r2')), BACK_WITHIN_MS)
  }, 120_000)

  it('holds no id of any row of a tenant, in its page or in what it polls', async () => {
    const page = await ops.page.content()
    const polled = await ops.page.evaluate("fetch('/api/overview').then((answer) => answer.text())")
    for (const { tenantId } of platform().seeded.clinics) {
      const ids = await idsOf(platform(), tenantId)
      const shown = `${page} ${polled}`.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? []
      expect(shown.filter((id) => ids.has(id))).toEqual([])
    }
  })

  it('shows the busiest tenants, and never a dedicated one, however busy', async () => {
    using client = new EdgeClient(platform().edge.port)
    const { demoPassword } = platform().secrets
    for (const [account, { slug }] of [
      [GRETA, BERG],
      [ANNA, SONNENHOF],
    ] as const) {
      const authorization = `Bearer ${await signIn(client, account, demoPassword)}`
      const path = `/v1/clinics/${slug}/patients`
      for (let turn = 0; turn < 150; turn += 1)
        await client.call({ host: API_HOST, path, headers: { authorization } })
    }
    const tenants = ops.page.locator('#tenants')
    await tenants.getByText(SONNENHOF.name).first().waitFor()
    const polled = String(await ops.page.evaluate("fetch('/api/overview').then((answer) => answer.text())"))
    // The service counts it, under the name that events have for it; the Console leaves it out.
    const name = createHash('sha256').update(BERG.tenantId).digest('hex').slice(0, 12)
    expect(await metricsOf('core-api')).toContain(name)
    for (const trace of [name, BERG.name, BERG.tenantId]) expect(polled).not.toContain(trace)
    expect(polled).toContain(SONNENHOF.name)
  }, 60_000)

  it('complained of nothing in the browser', () => {
    expect(ops.complaints).toEqual([])
  })

  it.each([
    ['staff', ANNA],
    ['staff of a dedicated tenant', GRETA],
    ['a patient', MIRA],
  ])('is not for %s', async (_who, account) => {
    const { page, at, context } = await visit(browser(), platform(), CONSOLE_HOST)
    await page.goto(at('/login'))
    await fillLogin(page, account.email, platform().secrets.demoPassword)
    await page.getByRole('alert').filter({ hasText: /\S/ }).first().waitFor()
    const polled = await page.evaluate("fetch('/api/overview').then(({ status }) => status)")
    expect(polled).toBe(401)
    await context.close()
  })
})

async function metricsOf(service: 'core-api'): Promise<string> {
  const headers = { authorization: `Bearer ${platform().secrets.metricsToken}` }
  return (await fetch(`${platform().address(service)}/internal/metrics`, { headers })).text()
}

function replica(id: string) {
  return ops.page
    .locator('#replicas .replicas > li')
    .filter({ has: ops.page.getByRole('heading', { name: id }) })
}

async function state(id: string): Promise<string> {
  return (await replica(id).getByRole('heading').innerText()).replace(id, '').trim().toLowerCase()
}

async function fact(id: string, term: string): Promise<string> {
  return replica(id).locator('dl > div').filter({ hasText: term }).locator('dd').innerText()
}

function parseMs(text: string): number {
  const number = Number.parseFloat(text.replaceAll(',', ''))
  return / ms$/.test(text) ? number : number * 1_000
}

/** The page is not reloaded: it has to see for itself. */
async function waitFor(isSo: () => Promise<boolean>, withinMs = SEEN_WITHIN_MS): Promise<void> {
  await expect.poll(isSo, { timeout: withinMs, interval: 500 }).toBe(true)
}
