import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { serve } from '@hono/node-server'
import type { Client } from 'pg'
import { createIdentity } from '../../../examples/identity/identity.ts'
import { startMetrics } from '../../../examples/kit/metrics/start-metrics.ts'
import { type SeededAccount, seededAccounts } from '../../../examples/schema/seed/cast.ts'
import { platformClinics } from '../../../examples/schema/seed/platform-clinics.ts'
import { seedDomains } from '../../../examples/schema/seed/seed.ts'
import { installTelemetrySchema } from '../../../examples/telemetry-api/schema/install.ts'
import { createTelemetryApi } from '../../../examples/telemetry-api/telemetry-api.ts'
import { type Wiring, wire } from '../../../examples/telemetry-api/wiring.ts'
import type { PoolerNode } from '../../../src/testing/rig/pooler-node.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { startRig } from '../../../src/testing/rig/start-rig.ts'
import { makeMonths } from './make-months.ts'
import { connect } from './start-platform-schema.ts'

export const METRICS_TOKEN: string = randomBytes(24).toString('hex')
const PASSWORD = randomBytes(8).toString('hex')
const CLINICS = 4

/** The Telemetry API as a service of the platform: behind pgbouncer in transaction mode, with a pool of 2. */
export interface RunningTelemetryApi {
  readonly rig: Rig
  readonly pooler: PoolerNode
  /** A superuser's session, which ends with the server. */
  readonly admin: Client
  readonly wiring: Wiring
  readonly url: string
  signIn(account: SeededAccount): Promise<string>
}

export async function startTelemetryApi(resources: AsyncDisposableStack): Promise<RunningTelemetryApi> {
  const identityPort = await freePort()
  const identityUrl = `http://127.0.0.1:${identityPort}`
  const rig = resources.use(await startRig({ standbys: 0, redis: false }))
  const admin = await connect(rig.primary.adminUrl(), resources)
  admin.on('error', () => {})
  await installTelemetrySchema(admin)
  await makeMonths(rig.primary, admin, { config: 'telemetry.config.ts', owner: 'telemetry_owner' }, resources)
  await seedDomains(admin, platformClinics(CLINICS), { identityUrl })
  const identity = await createIdentity({
    url: identityUrl,
    password: PASSWORD,
    accounts: seededAccounts(CLINICS),
  })
  resources.defer(() => identity.close())
  await identity.listen({ host: '127.0.0.1', port: identityPort })
  const pooler = await rig.startPgbouncer({
    version: '1.24',
    target: rig.primary,
    poolSize: 4,
    maxPreparedStatements: 200,
    users: ['telemetry_app'],
  })
  const wiring = wire({
    HOST: '127.0.0.1',
    PORT: 0,
    TELEMETRY_DATABASE_URL: pooler.url({ user: 'telemetry_app', database: 'postgres' }),
    METRICS_TOKEN,
    POOL_MAX: 2,
  })
  resources.defer(() => wiring.db.close({ drainMs: 1_000 }))
  const metrics = resources.use(startMetrics({ service: 'telemetry-api', ...wiring }))
  const app = createTelemetryApi({ env: { METRICS_TOKEN }, wiring, metrics, log: () => {} })
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server
  await once(server, 'listening')
  resources.defer(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const { port } = server.address() as AddressInfo
  return {
    ...{ rig, pooler, admin, wiring },
    url: `http://127.0.0.1:${port}`,
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
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
