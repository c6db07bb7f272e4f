import type { Redis } from 'ioredis'
import { ConfigError } from '../../errors/config.ts'
import { type LinkOptions, linkOptions } from './client-options.ts'
import type { SeedNode } from './cluster-seeds.ts'
import { ClusterServers } from './cluster-servers.ts'
import type { MakeClient } from './link.ts'
import type { CacheRedis } from './redis-options.ts'
import { type RedisLimits, RedisServer } from './redis-server.ts'
import { OneServer, type RedisServers } from './redis-servers.ts'
import { type ResolvedRedis, resolveRedis } from './resolve-redis.ts'

/**
 * Begins to connect to Redis. Does not wait for it.
 *
 * @throws {ConfigError} that is no Redis, or ioredis is not installed
 */
export async function connectRedis(redis: CacheRedis, limits: RedisLimits): Promise<RedisServers> {
  const resolved = resolveRedis(redis)
  const create = await importRedis()
  const makeFor = (node: SeedNode | undefined) => clientMaker(create, resolved, limits, node)
  const { seeds, mapAddress, options } = resolved
  if (seeds) return new ClusterServers({ seeds, limits, mapAddress, makeFor })
  const address = options.path ?? `${options.host}:${options.port}`
  return new OneServer(new RedisServer(address, makeFor(undefined), limits))
}

function clientMaker(
  create: (options: LinkOptions) => Redis,
  { options, credentials }: ResolvedRedis,
  { connectMs }: RedisLimits,
  node: SeedNode | undefined,
): MakeClient {
  return async () => {
    const login = await credentials?.()
    return create(
      linkOptions({
        ...options,
        ...node,
        ...(login && { username: login.username, password: login.password }),
        connectTimeout: connectMs,
      }),
    )
  }
}

/** ioredis is an optional peer: only who has a cache needs it. */
async function importRedis(): Promise<(options: LinkOptions) => Redis> {
  try {
    const { Redis } = await import('ioredis')
    return (options) => new Redis(options)
  } catch (cause) {
    throw new ConfigError('The cache needs ioredis: npm install ioredis', { cause })
  }
}
