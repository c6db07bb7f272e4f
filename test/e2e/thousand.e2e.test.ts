import { describe, expect, it } from 'vitest'
import { EdgeClient } from '../../examples/platform/load/edge-client.ts'
import { signIn } from '../../examples/platform/load/sign-in.ts'
import type { Platform } from '../../examples/platform/platform.ts'
import { CONSOLE_HOST, signInAt, type Visit } from '../../examples/platform/visit.ts'
import { ANNA, OPS } from '../../examples/schema/seed/cast.ts'
import { SONNENHOF } from '../../examples/schema/seed/platform-clinics.ts'
import { API_HOST } from './support/api-endpoints.ts'
import { useBrowser } from './support/browser.ts'
import { rowsOf } from './support/tenant-rows.ts'
import { usePlatform } from './support/use-platform.ts'
import { type SeenConnections, watchConnections } from './support/watch-connections.ts'

const REQUESTS = 1_000
const MOST_CONNECTIONS = 4
/** Letters are rendered for so long, outside the database. */
const RENDER_MS = 50

const SERVICES = ['identity', 'core-api', 'telemetry-api', 'console'] as const
const browser = useBrowser()

describe(`a thousand letters at a time, each rendered for ${RENDER_MS} ms outside the database`, () => {
  describe('in phase 1', () => {
    const platform = usePlatform({ phase: 1, services: SERVICES, renderMs: RENDER_MS })

    it(`hold at most ${MOST_CONNECTIONS} server connections, as the Console shows, and none fails`, async () => {
      const { all } = await writeLetters(platform())
      expect(all).toBeLessThanOrEqual(MOST_CONNECTIONS)
    }, 60_000)
  })

  describe('in phase 2', () => {
    // One for each pgbouncer: two in front of the primary, one in front of each replica; probes of the replicas share them.
    const platform = usePlatform({ phase: 2, services: SERVICES, renderMs: RENDER_MS, poolSize: 1 })

    it(`need no more than ${MOST_CONNECTIONS} on all three servers together, and none fails`, async () => {
      const { app } = await writeLetters(platform())
      expect(app).toBeLessThanOrEqual(MOST_CONNECTIONS)
    }, 60_000)
  })
})

async function writeLetters(platform: Platform): Promise<SeenConnections> {
  using client = new EdgeClient(platform.edge.port)
  const ops = await signInAt(browser(), platform, CONSOLE_HOST, OPS)
  const token = await signIn(client, ANNA, platform.secrets.demoPassword)
  const { patient } = await rowsOf(platform, SONNENHOF.tenantId)
  const call = () =>
    client.call({
      host: API_HOST,
      path: `/v1/clinics/${SONNENHOF.slug}/patients/${patient}/letter`,
      headers: { authorization: `Bearer ${token}` },
    })
  await call()
  const watch = await watchConnections(platform.topology)
  const beganMs = performance.now()
  const answering = Promise.all(Array.from({ length: REQUESTS }, call))
  const shown = readConsole(ops, answering)
  const answers = await answering
  const tookMs = Math.round(performance.now() - beganMs)
  const seen = await watch.stop()
  const onConsole = await shown
  console.log(
    `${REQUESTS} letters in ${tookMs} ms; server connections: app ${seen.app}, with the cache's relay ${seen.all} ` +
      `(${seen.looks} looks); the Console's, of the primary: ${onConsole.join(', ')}`,
  )
  expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  expect(seen.app).toBeGreaterThan(0)
  expect(Math.max(...onConsole)).toBeGreaterThan(0)
  expect(Math.max(...onConsole)).toBeLessThanOrEqual(seen.app)
  expect(ops.complaints).toEqual([])
  await ops.context.close()
  return seen
}

/** What the live page says of the services' connections, again and again until the work is done. */
async function readConsole({ page }: Visit, work: Promise<unknown>): Promise<readonly number[]> {
  let isDone = false
  work.then(
    () => {
      isDone = true
    },
    () => {
      isDone = true
    },
  )
  const table = page.getByRole('region', { name: 'Connections to clinic by role' })
  const row = table.getByRole('row').filter({ has: page.getByText('app', { exact: true }) })
  const shown: number[] = []
  do {
    shown.push(Number(await row.getByRole('cell').first().innerText()))
    await page.waitForTimeout(500)
  } while (!isDone)
  return shown
}
