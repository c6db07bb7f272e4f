import { createLeasehold } from 'leasehold'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Database } from '../../../examples/schema/database.ts'
import { Directory } from '../../../examples/schema/organizations.ts'
import { ANNA } from '../../../examples/schema/seed/cast.ts'
import { SONNENHOF } from '../../../examples/schema/seed/platform-clinics.ts'
import { miraAt } from '../../../examples/schema/seed/seed-mira.ts'
import { type RunningCoreApi, startCoreApi } from '../support/start-core-api.ts'

const PATIENTS = '/v1/clinics/sonnenhof/patients'
const CHART = `${PATIENTS}/${miraAt(SONNENHOF)}/records`

let resources: AsyncDisposableStack
let api: RunningCoreApi
let anna: string

beforeAll(async () => {
  resources = new AsyncDisposableStack()
  api = await startCoreApi(resources, { standbys: 2, redis: false })
  anna = await api.signIn(ANNA)
})
afterAll(() => resources?.disposeAsync())
afterEach(() => vi.useRealTimers())

async function statuses(path: string, times: number): Promise<readonly number[]> {
  const seen = new Set<number>()
  for (let time = 0; time < times; time += 1) seen.add((await api.call(anna, 'GET', path)).status)
  return [...seen]
}

const ready = () => api.call('', 'GET', '/readyz')
const replica = (id: string) => api.metrics.snapshot().replicas.find((one) => one.id === id)?.state

describe('a replica that is gone', () => {
  it('is noticed by nobody who reads, and is said to be ejected', async () => {
    await statuses(PATIENTS, 10)
    await expect.poll(() => replica('r1'), { timeout: 10_000 }).toBe('warming')
    await api.rig.standbys[0]?.kill()
    try {
      expect(await statuses(PATIENTS, 40)).toEqual([200])
      await expect.poll(() => replica('r1'), { timeout: 10_000 }).toBe('ejected')
      expect(await statuses(PATIENTS, 20)).toEqual([200])
    } finally {
      await api.rig.standbys[0]?.restart()
    }
  })
})

describe('a pooler of the primary that is gone', () => {
  it('stops what writes, charts among it, and leaves the other reads', async () => {
    await api.pooler.stop()
    try {
      const chart = await api.call(anna, 'GET', CHART)
      expect(chart).toMatchObject({ status: 503, body: { status: 503 } })
      expect(chart.headers.get('retry-after')).toBe('1')
      expect(JSON.stringify(chart.body)).not.toMatch(/fever|127\.0\.0\.1/)
      expect(await statuses(PATIENTS, 20)).toEqual([200])
      expect(await ready()).toMatchObject({ status: 503, body: { ok: false } })
    } finally {
      await api.pooler.restart()
    }
    await expect.poll(() => statuses(CHART, 1), { timeout: 10_000 }).toEqual([200])
    expect((await ready()).status).toBe(200)
  })
})

describe('the clinics by their names', () => {
  it('are remembered for a minute in which the database does not answer, and no longer', async () => {
    const connectionString = api.pooler.url({ user: 'app', database: 'postgres' })
    await using db = createLeasehold<Database>({ primary: { connectionString, max: 1 } })
    const directory = Directory.of(db)
    const name = async () => (await directory.bySlug('berg'))?.name
    vi.useFakeTimers({ toFake: ['performance'], now: performance.now() })
    expect(await name()).toBe('Praxis Berg')
    await api.pooler.stop()
    try {
      vi.advanceTimersByTime(30_000)
      expect(await name()).toBe('Praxis Berg')
      vi.advanceTimersByTime(31_000)
      await expect(name()).rejects.toThrow()
    } finally {
      await api.pooler.restart()
    }
    expect(await name()).toBe('Praxis Berg')
  })
})
