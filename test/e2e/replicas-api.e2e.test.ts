import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../examples/platform/faults.ts'
import { EdgeClient } from '../../examples/platform/load/edge-client.ts'
import { signIn } from '../../examples/platform/load/sign-in.ts'
import { ANNA } from '../../examples/schema/seed/cast.ts'
import { SONNENHOF } from '../../examples/schema/seed/platform-clinics.ts'
import { API_HOST } from './support/api-endpoints.ts'
import { usePlatform } from './support/use-platform.ts'

/** Less than what the router takes a replica out for, so that both go on serving, and more than a request takes. */
const LAG_MS = 1_500
const WRITES = 10
const TOKEN_HEADER = 'leasehold-token'

const platform = usePlatform({ services: ['identity', 'core-api'] })
let client: EdgeClient
let token: string
let lag: Fault

beforeAll(async () => {
  client = new EdgeClient(platform().edge.port)
  token = await signIn(client, ANNA, platform().secrets.demoPassword)
  lag = await platform().faults.addLag(LAG_MS)
})
afterAll(async () => {
  await lag?.heal()
  client?.[Symbol.dispose]()
})

describe(`with both replicas ${LAG_MS} ms behind`, () => {
  it('a write is there for the next request that carries its token', async () => {
    const missed: number[] = []
    for (let turn = 0; turn < WRITES; turn += 1) {
      const { id, consistency } = await register(`Vogt ${turn}`)
      const read = await call('GET', `/patients/${id}`, undefined, { [TOKEN_HEADER]: consistency })
      if (read.status !== 200) missed.push(read.status)
    }
    expect(missed).toEqual([])
  })

  it('and is not there yet for one that carries none: the replicas really are behind', async () => {
    const statuses: number[] = []
    for (let turn = 0; turn < WRITES; turn += 1) {
      const { id } = await register(`Falk ${turn}`)
      statuses.push((await call('GET', `/patients/${id}`)).status)
    }
    expect(statuses).toContain(404)
  })

  it('and is there for everybody once the replicas have caught up', async () => {
    const { id } = await register('Adler')
    await new Promise((resolve) => setTimeout(resolve, LAG_MS + 500))
    expect((await call('GET', `/patients/${id}`)).status).toBe(200)
  })
})

async function register(familyName: string): Promise<{ id: string; consistency: string }> {
  const made = await call('POST', '/patients', { givenName: 'Nora', familyName, birthDate: '1991-02-03' })
  expect(made.status).toBe(201)
  const consistency = made.headers[TOKEN_HEADER]
  if (typeof consistency !== 'string') throw new Error('The answer to a write carries a consistency token.')
  return { id: (JSON.parse(made.text) as { id: string }).id, consistency }
}

function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  return client.call({
    host: API_HOST,
    method,
    path: `/v1/clinics/${SONNENHOF.slug}${path}`,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(body !== undefined && { body }),
  })
}
