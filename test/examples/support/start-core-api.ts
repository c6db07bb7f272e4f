import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Client } from 'pg'
import { createCoreApi } from '../../../examples/core-api/core-api.ts'
import { type Wiring, wire } from '../../../examples/core-api/wiring.ts'
import { createIdentity } from '../../../examples/identity/identity.ts'
import { type Metrics, startMetrics } from '../../../examples/kit/metrics/start-metrics.ts'
import { type SeededAccount, seededAccounts } from '../../../examples/schema/seed/cast.ts'
import type { PoolerNode } from '../../../src/testing/rig/pooler-node.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { startPlatformSchema } from './start-platform-schema.ts'

export const METRICS_TOKEN = randomBytes(24).toString('hex')
const PASSWORD = randomBytes(8).toString('hex')
const CLINICS = 4
/**
 * pgbouncer keeps a query whose server is gone for 120 s, in the hope that it comes back. A read can go elsewhere, and does so once it
 * is refused; so a replica's pooler says no at once, in seconds, and the primary's waits through a restart.
 */
const OF_A_REPLICA = { query_wait_timeout: 1, server_connect_timeout: 1 }

/** The Core API as a service of the platform: behind pgbouncer in transaction mode, with a pool of 2. */
export interface RunningCoreApi {
  readonly rig: Rig
  readonly pooler: PoolerNode
  readonly admin: Client
  readonly wiring: Wiring
  readonly metrics: Metrics
  readonly identityUrl: string
  /** Where it listens. */
  readonly url: string
  /** An access token, as signing in gives it. */
  signIn(account: SeededAccount): Promise<string>
  /** Sends a request with a token, and reads the answer. */
  call(token: string, method: string, path: string, options?: CallOptions): Promise<Answer>
}

export interface CallOptions {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly headers: Headers
}

export interface CoreApiTopology {
  readonly standbys: number
  readonly redis: boolean
  readonly renderMs?: number
  /** Who else can sign in. */
  readonly accounts?: readonly SeededAccount[]
}

export async function startCoreApi(
  resources: AsyncDisposableStack,
  { standbys, redis, renderMs = 0, accounts = [] }: CoreApiTopology,
): Promise<RunningCoreApi> {
  const identityPort = await freePort()
  const identityUrl = `http://127.0.0.1:${identityPort}`
  const { rig, admin } = await startPlatformSchema(
    resources,
    { standbys, redis },
    { clinics: CLINICS, patients: 400, identityUrl },
  )
  const identity = await createIdentity({
    url: identityUrl,
    password: PASSWORD,
    accounts: [...seededAccounts(CLINICS), ...accounts],
  })
  resources.defer(() => identity.close())
  await identity.listen({ host: '127.0.0.1', port: identityPort })

  const through = (target: { host: string; port: number }, settings: Readonly<Record<string, number>> = {}) =>
    rig.startPgbouncer({ version: '1.24', target, poolSize: 10, maxPreparedStatements: 200, settings })
  const pooler = await through(rig.primary)
  const replicaPoolers = await Promise.all(rig.standbys.map((standby) => through(standby, OF_A_REPLICA)))
  const login = (user: string) => ({ user, database: 'postgres' })
  const env = {
    HOST: '127.0.0.1',
    PORT: 0,
    DATABASE_URL: pooler.url(login('app')),
    SYSTEM_DATABASE_URL: pooler.url(login('cache_relay')),
    REPLICA_URLS: replicaPoolers.map((node, at) => ({
      id: `r${at + 1}`,
      connectionString: node.url(login('app')),
    })),
    REDIS_URL: rig.redis?.url,
    TOKEN_KEY: randomBytes(24).toString('hex'),
    METRICS_TOKEN,
    POOL_MAX: 2,
    RENDER_MS: renderMs,
  }
  const wiring = await wire(env)
  resources.defer(() => wiring.close())
  const metrics = resources.use(startMetrics({ service: 'core-api', ...wiring }))
  const app = await createCoreApi({ env, wiring, metrics })
  resources.defer(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })

  return {
    ...{ rig, pooler, admin, wiring, metrics, identityUrl, url },
    async signIn({ issuer, email }) {
      const response = await fetch(`${identityUrl}/issuers/${issuer}/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: PASSWORD }),
      })
      const { access_token: token } = (await response.json()) as { access_token?: string }
      if (!token) throw new Error(`${email} could not sign in: ${response.status}`)
      return token
    },
    async call(token, method, path, { body, headers } = {}) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.includes('json')
      return {
        status: response.status,
        body: (isJson ? JSON.parse(text) : { text }) as Record<string, unknown>,
        headers: response.headers,
      }
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.')
  return address.port
}
