import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ANNA, LIAM } from '../../../examples/schema/seed/cast.ts'
import { type RunningCoreApi, startCoreApi } from '../support/start-core-api.ts'

let resources: AsyncDisposableStack
let api: RunningCoreApi
let anna: string
let liam: string

beforeAll(async () => {
  resources = new AsyncDisposableStack()
  api = await startCoreApi(resources, { standbys: 0, redis: true })
  anna = await api.signIn(ANNA)
  liam = await api.signIn(LIAM)
})
afterAll(() => resources?.disposeAsync())

const summary = async (token: string, slug = 'sonnenhof') =>
  (await api.call(token, 'GET', `/v1/clinics/${slug}/summary`)).body as { patients: number }
const register = () =>
  api.call(anna, 'POST', '/v1/clinics/sonnenhof/patients', {
    body: { givenName: 'Ina', familyName: 'Neu', birthDate: '1990-05-05' },
  })
const counts = () => {
  const { cache } = api.metrics.snapshot()
  if (!cache) throw new Error('There is a cache.')
  return cache
}

describe('the day in numbers', () => {
  it("comes from the cache, for all staff of a clinic, and is each clinic's own", async () => {
    const first = await summary(anna)
    const { loads } = counts()
    expect(await summary(anna)).toEqual(first)
    expect(counts()).toMatchObject({ loads })
    expect((await summary(liam, 'lakeside')).patients).not.toBe(undefined)
    expect(counts().loads).toBe(loads + 1)
  })

  it('is never older than a write that was answered', async () => {
    for (let round = 0; round < 5; round += 1) {
      const before = await summary(anna)
      expect((await register()).status).toBe(201)
      expect((await summary(anna)).patients).toBe(before.patients + 1)
    }
  })

  it('goes on without Redis, and so do writes', async () => {
    const before = await summary(anna)
    await api.rig.redis?.stop()
    expect((await register()).status).toBe(201)
    expect((await summary(anna)).patients).toBe(before.patients + 1)
    expect(counts().isUsable).toBe(false)
    await api.rig.redis?.restart()
    const askAgain = async () => {
      await summary(anna)
      return counts().isUsable
    }
    await expect.poll(askAgain, { timeout: 10_000 }).toBe(true)
    expect((await summary(anna)).patients).toBe(before.patients + 1)
  })
})
