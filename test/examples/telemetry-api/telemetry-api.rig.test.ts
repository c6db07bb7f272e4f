import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ANNA, GRETA, LIAM, MIRA, OPS, type SeededAccount } from '../../../examples/schema/seed/cast.ts'
import { METRICS_TOKEN, type RunningTelemetryApi, startTelemetryApi } from '../support/start-telemetry-api.ts'

const today = () => new Date().toISOString().slice(0, 10)
const event = (kind: string) => ({ kind, source: 'test', happened_at: new Date().toISOString() })

describe('the Telemetry API', () => {
  const resources = new AsyncDisposableStack()
  let api: RunningTelemetryApi
  beforeAll(async () => {
    api = await startTelemetryApi(resources)
  })
  afterAll(() => resources.disposeAsync())

  const tell = async (token: string, body: unknown, { key = randomUUID() as string, query = '' } = {}) => {
    const response = await fetch(`${api.url}/v1/events${query}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'idempotency-key': key,
      },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const summary = async (token: string, query = '') => {
    const response = await fetch(`${api.url}/v1/events/summary?day=${today()}${query}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const { kinds } = (await response.json()) as { kinds?: { kind: string; events: number }[] }
    return { status: response.status, kinds }
  }
  const as = (account: SeededAccount) => api.signIn(account)

  it('stores a batch once, however often it is sent under one key', async () => {
    const [token, key] = [await as(ANNA), randomUUID()]
    const body = { events: [event('page.opened'), { ...event('page.opened'), value: 1.5 }] }
    expect(await tell(token, body, { key })).toEqual({ status: 201, body: { stored: 2, repeated: false } })
    expect(await tell(token, body, { key })).toEqual({ status: 200, body: { stored: 2, repeated: true } })
    const both = await Promise.all(
      [1, 2, 3].map(() => tell(token, body, { key: 'a3a2b1c0-0000-4000-8000-000000000001' })),
    )
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 200, 201])
    expect((await summary(token)).kinds).toEqual([{ kind: 'page.opened', events: 4 }])
  })

  it('takes a key for its clinic only, and shows a clinic its own', async () => {
    const key = randomUUID()
    const body = { events: [event('key.shared')] }
    expect(await tell(await as(LIAM), body, { key })).toMatchObject({ status: 201 })
    expect(await tell(await as(GRETA), body, { key })).toMatchObject({ status: 201 })
    expect((await summary(await as(LIAM))).kinds).toEqual([{ kind: 'key.shared', events: 1 }])
    expect((await summary(await as(ANNA))).kinds).not.toContainEqual(
      expect.objectContaining({ kind: 'key.shared' }),
    )
  })

  it('lets a patient tell of the clinics that treat them, and of no other', async () => {
    const token = await as(MIRA)
    const body = { events: [event('portal.opened')] }
    for (const slug of ['sonnenhof', 'lakeside']) {
      expect(await tell(token, body, { query: `?clinic=${slug}` })).toMatchObject({ status: 201 })
    }
    expect(await tell(token, body)).toMatchObject({ status: 400 })
    // Whose users come from another issuer.
    expect(await tell(token, body, { query: '?clinic=berg' })).toMatchObject({ status: 403 })
    expect(await tell(token, body, { query: '?clinic=nowhere' })).toMatchObject({ status: 404 })
    expect(await tell(await as(GRETA), body, { query: '?clinic=sonnenhof' })).toMatchObject({ status: 403 })
    expect(await tell(await as(ANNA), body, { query: '?clinic=lakeside' })).toMatchObject({ status: 403 })
    expect(await tell(await as(OPS), body, { query: '?clinic=sonnenhof' })).toMatchObject({ status: 403 })
    expect(await tell('x.y.z', body)).toMatchObject({ status: 401 })
  })

  it.each([
    ['no events', { events: [] }],
    ['too many', { events: Array.from({ length: 1_001 }, () => event('a')) }],
    ['a kind with words in it', { events: [event('Mira Lang called')] }],
    ['a field that there is none of', { events: [{ ...event('a'), note: 'Mira Lang' }] }],
    ['a time to come', { events: [{ ...event('a'), happened_at: '2999-01-01T00:00:00Z' }] }],
    ['no object', 'Mira Lang'],
  ])('refuses %s, and says where and not what', async (_what, body) => {
    const answer = await tell(await as(ANNA), body)
    expect(answer.status).toBe(400)
    expect(String(answer.body.title)).toMatch(/^The batch is not valid: /)
    expect(JSON.stringify(answer.body)).not.toContain('Mira')
  })

  it('wants a key that names the batch, and a batch that fits', async () => {
    expect(await tell(await as(ANNA), { events: [event('a')] }, { key: 'today' })).toMatchObject({
      status: 400,
    })
    const large = { events: [event('a')], padding: 'x'.repeat(300 * 1024) }
    expect(await tell(await as(ANNA), large)).toMatchObject({ status: 413 })
  })

  it('has its numbers for who holds the token of operators', async () => {
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${api.url}/readyz`)).status).toBe(200)
    expect((await fetch(`${api.url}/internal/metrics`)).status).toBe(401)
    const response = await fetch(`${api.url}/internal/metrics`, {
      headers: { authorization: `Bearer ${METRICS_TOKEN}` },
    })
    expect(await response.json()).toMatchObject({
      service: 'telemetry-api',
      pools: [{ role: 'primary', capacity: 2 }],
    })
  })

  it('cannot say who told an event, nor when it arrived', async () => {
    const { db } = api.wiring
    const { rows } = await api.admin.query('select tenant_id from organization_domains limit 1')
    const settings = { 'app.user_id': randomUUID() }
    const insert = (column: string, value: string) =>
      db
        .tenant(rows[0].tenant_id, { settings })
        .query(`insert into events (happened_at, kind, source, ${column}) values (now(), 'a', 'b', $1)`, [
          value,
        ])
    await expect(insert('user_id', randomUUID())).rejects.toMatchObject({ code: '42501' })
    await expect(insert('at', new Date().toISOString())).rejects.toMatchObject({ code: '42501' })
    await expect(insert('tenant_id', randomUUID())).rejects.toMatchObject({ code: '42501' })
  })

  it('says that the way in is closed while its database is away, and goes on when it is back', async () => {
    const token = await as(ANNA)
    await api.rig.primary.stop()
    const refused = await tell(token, { events: [event('while.away')] })
    expect([503, 504]).toContain(refused.status)
    await api.rig.primary.restart()
    await expect
      .poll(async () => (await tell(token, { events: [event('again')] })).status, { timeout: 15_000 })
      .toBe(201)
  }, 60_000)
})
