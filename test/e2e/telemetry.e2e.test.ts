import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asAdmin } from '../../examples/platform/databases.ts'
import { EdgeClient } from '../../examples/platform/load/edge-client.ts'
import { signIn } from '../../examples/platform/load/sign-in.ts'
import { sendTelemetry } from '../../examples/platform/load/telemetry.ts'
import { TELEMETRY_DATABASE } from '../../examples/platform/topology.ts'
import { ANNA, LIAM, MIRA, OPS } from '../../examples/schema/seed/cast.ts'
import { LAKESIDE, SONNENHOF } from '../../examples/schema/seed/platform-clinics.ts'
import { usePlatform } from './support/use-platform.ts'

const SECONDS = process.env.LEASEHOLD_TEST_SIZE === 'full' ? 60 : 12
const PER_SECOND = 1_000
const DOWN_MS = 3_000
const HOST = 'telemetry.platform.localhost'

const platform = usePlatform({ phase: 1, services: ['identity', 'telemetry-api'] })
let client: EdgeClient
beforeAll(() => {
  client = new EdgeClient(platform().edge.port)
})
afterAll(() => client?.[Symbol.dispose]())

describe('telemetry', () => {
  it(
    `takes ${PER_SECOND} events a second for ${SECONDS} s and loses none, though its database is restarted`,
    async () => {
      const before = await storedEvents()
      const sending = sendTelemetry(platform(), {
        perSecond: PER_SECOND,
        signal: AbortSignal.timeout(SECONDS * 1_000),
      })
      await sleep((SECONDS * 1_000) / 3)
      await platform().faults.restartTelemetryDatabase(DOWN_MS)
      const figures = await sending
      const stored = (await storedEvents()) - before
      console.log(`${JSON.stringify(figures)}; ${stored} stored, ${figures.told - stored} lost`)
      expect(figures.told).toBeGreaterThanOrEqual(0.95 * PER_SECOND * SECONDS)
      expect(figures.acknowledged).toBe(figures.told)
      expect(stored).toBe(figures.told)
      // The restart was felt; nothing was lost all the same.
      expect(figures.slowestMs).toBeGreaterThan(DOWN_MS / 3)
    },
    (SECONDS + 60) * 1_000,
  )

  it('stores a batch once that is sent twice under one key', async () => {
    const token = await tokenOf(ANNA)
    const before = await storedEvents()
    const key = crypto.randomUUID()
    const [first, second] = [await send(token, key), await send(token, key)]
    expect([first.status, second.status]).toEqual([201, 200])
    expect((await storedEvents()) - before).toBe(1)
  })

  it('counts for each clinic its own events', async () => {
    const day = new Date().toISOString().slice(0, 10)
    await send(await tokenOf(ANNA), crypto.randomUUID(), 'sonnenhof.only')
    const seen = async (account: typeof ANNA, query = '') =>
      (
        await client.call({
          host: HOST,
          path: `/v1/events/summary?day=${day}${query}`,
          headers: { authorization: `Bearer ${await tokenOf(account)}` },
        })
      ).text
    expect(await seen(ANNA)).toContain('sonnenhof.only')
    expect(await seen(LIAM)).not.toContain('sonnenhof.only')
    expect(await seen(LIAM, `&clinic=${SONNENHOF.slug}`)).not.toContain('sonnenhof.only')
  })

  it('takes events of a patient for the clinics that know them, and of nobody for others', async () => {
    const mira = await tokenOf(MIRA)
    expect((await send(mira, crypto.randomUUID(), 'booking.seen', `?clinic=${LAKESIDE.slug}`)).status).toBe(
      201,
    )
    expect((await send(mira, crypto.randomUUID(), 'booking.seen', '?clinic=berg')).status).toBe(403)
    expect(
      (await send(await tokenOf(LIAM), crypto.randomUUID(), 'page.viewed', `?clinic=${SONNENHOF.slug}`))
        .status,
    ).toBe(403)
    expect(
      (await send(await tokenOf(OPS), crypto.randomUUID(), 'page.viewed', `?clinic=${SONNENHOF.slug}`))
        .status,
    ).toBe(403)
    expect((await send('', crypto.randomUUID())).status).toBe(401)
  })
})

function send(token: string, key: string, kind = 'page.viewed', query = '') {
  return client.call({
    host: HOST,
    method: 'POST',
    path: `/v1/events${query}`,
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': key },
    body: { events: [{ happened_at: new Date().toISOString(), kind, source: 'clinic-web' }] },
  })
}

function tokenOf(account: Parameters<typeof signIn>[1]): Promise<string> {
  return signIn(client, account, platform().secrets.demoPassword)
}

function storedEvents(): Promise<number> {
  return asAdmin(platform().topology.telemetry.primary.adminUrl(TELEMETRY_DATABASE), async (admin) => {
    const { rows } = await admin.query<{ count: number }>('select count(*)::int as count from events')
    return rows[0]?.count ?? 0
  })
}
