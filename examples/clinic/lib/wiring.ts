import 'server-only'
import { subscribe } from 'node:diagnostics_channel'
import { readEnv, replicaPools, SETTINGS, startMetrics, variables } from '@clinic/kit'
import { CACHE_PREFIX, type Database, Directory } from '@clinic/schema'
import { createLeasehold } from 'leasehold'
import { createCache } from 'leasehold/cache'
import { createRouter } from 'leasehold/router'

/** What this service is told. From phase 1 to phase 2 `REPLICA_URLS` is set, and nothing else changes. */
function readClinicEnv() {
  return readEnv({
    DATABASE_URL: variables.DATABASE_URL,
    REPLICA_URLS: variables.REPLICA_URLS,
    REDIS_URL: variables.REDIS_URL,
    SYSTEM_DATABASE_URL: variables.SYSTEM_DATABASE_URL,
    TOKEN_KEY: variables.TOKEN_KEY,
    METRICS_TOKEN: variables.METRICS_TOKEN,
    POOL_MAX: variables.POOL_MAX,
  })
}

/** The database, its replicas, and whom to tell of writes: all of leasehold that there is in this app, beside `scoped.ts`. */
async function wire() {
  const env = readClinicEnv()
  const { DATABASE_URL, SYSTEM_DATABASE_URL, REDIS_URL, POOL_MAX: max } = env
  const replicas = replicaPools(env.REPLICA_URLS, max)
  const router = createRouter({
    balance: 'least-outstanding',
    tokens: { keys: [env.TOKEN_KEY] },
    shed: { maxConcurrent: max },
  })
  const db = createLeasehold<Database>({
    primary: { connectionString: DATABASE_URL, max },
    replicas,
    router,
    settings: SETTINGS,
    multiplex: true,
    // Whoever waits at a desk has given up by then.
    timeoutMs: 10_000,
    ...(SYSTEM_DATABASE_URL && { system: { connectionString: SYSTEM_DATABASE_URL, max: 1 } }),
  })
  // This app reads nothing from the cache. It tells it of what it writes, for the Core API reads from it.
  const cache =
    REDIS_URL === undefined
      ? undefined
      : await createCache({
          db,
          redis: { url: REDIS_URL },
          prefix: CACHE_PREFIX,
          journal: SYSTEM_DATABASE_URL ? 'fallback' : 'never',
        })
  const metrics = startMetrics({ service: 'clinic', db, router, replicas, cache })
  // Next.js tells nobody of its answers; Node does.
  subscribe('http.server.response.finish', (message) => {
    metrics.countResponse((message as { response: { statusCode: number } }).response.statusCode)
  })
  return {
    env,
    db,
    router,
    cache,
    metrics,
    directory: Directory.of(db),
    async close() {
      await cache?.close()
      await db.close({ drainMs: 10_000 })
      await Promise.all(replicas.map(({ pool }) => pool.end()))
    },
  }
}

export type Wiring = Awaited<ReturnType<typeof wire>>

/** Next.js makes several bundles of one module; they share one process, and so these pools. */
const processWide = globalThis as typeof globalThis & { clinicWiring?: Promise<Wiring> | undefined }

/** Made when it is first asked for: a build has no environment. Where that fails, as while there is no database, the next one tries. */
export function wiring(): Promise<Wiring> {
  processWide.clinicWiring ??= wire().catch((error: unknown) => {
    processWide.clinicWiring = undefined
    throw error
  })
  return processWide.clinicWiring
}

/** Lets go of every connection, if there is one. */
export async function unwire(): Promise<void> {
  const made = await processWide.clinicWiring?.catch(() => undefined)
  await made?.close()
}

export async function database(): Promise<Wiring['db']> {
  return (await wiring()).db
}
