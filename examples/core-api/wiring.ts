import { readEnv, replicaPools, SETTINGS, variables } from '@clinic/kit'
import { CACHE_PREFIX, type Database, Directory } from '@clinic/schema'
import { createLeasehold } from 'leasehold'
import { createCache } from 'leasehold/cache'
import { createRouter } from 'leasehold/router'
import { z } from 'zod'

/** What this service is told. From phase 1 to phase 2 `REPLICA_URLS` is set, and nothing else changes. */
export function readCoreApiEnv() {
  return readEnv({
    HOST: variables.HOST,
    PORT: variables.PORT,
    DATABASE_URL: variables.DATABASE_URL,
    REPLICA_URLS: variables.REPLICA_URLS,
    REDIS_URL: variables.REDIS_URL,
    SYSTEM_DATABASE_URL: variables.SYSTEM_DATABASE_URL,
    TOKEN_KEY: variables.TOKEN_KEY,
    METRICS_TOKEN: variables.METRICS_TOKEN,
    POOL_MAX: variables.POOL_MAX,
    /** Milliseconds that rendering a letter takes: stands in for the service that does. */
    RENDER_MS: z.coerce.number().int().min(0).max(10_000).default(0),
  })
}

export type CoreApiEnv = ReturnType<typeof readCoreApiEnv>

/** The database, its replicas, and the cache: all of leasehold that there is in this service. Asks the primary for its policies. */
export async function wire(env: CoreApiEnv) {
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
  const cache =
    REDIS_URL === undefined
      ? undefined
      : await createCache({
          db,
          redis: { url: REDIS_URL },
          prefix: CACHE_PREFIX,
          journal: SYSTEM_DATABASE_URL ? 'fallback' : 'never',
        })
  return {
    db,
    router,
    replicas,
    cache,
    directory: Directory.of(db),
    async close() {
      await cache?.close()
      await db.close({ drainMs: 10_000 })
      await Promise.all(replicas.map(({ pool }) => pool.end()))
    },
  }
}

export type Wiring = Awaited<ReturnType<typeof wire>>
