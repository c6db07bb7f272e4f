import type { RedisOptions } from 'ioredis'
import { ConfigError } from '../../errors/config.ts'
import { type SeedNode, seedsOf } from './cluster-seeds.ts'
import type {
  CacheRedis,
  RedisAccessOptions,
  RedisClient,
  RedisCredentials,
  RedisServerOptions,
} from './redis-options.ts'

/** Maps the address that a node of a cluster has to the one under which it is reached from here. */
export type MapAddress = (address: SeedNode) => SeedNode

/** Where Redis is, and with what options of ioredis it is connected to. */
export interface ResolvedRedis {
  readonly options: RedisOptions
  readonly credentials?: (() => RedisCredentials | Promise<RedisCredentials>) | undefined
  /** Some nodes; of a cluster only. */
  readonly seeds?: readonly SeedNode[] | undefined
  readonly mapAddress?: MapAddress | undefined
}

/** @throws {ConfigError} that is no Redis */
export function resolveRedis(redis: CacheRedis): ResolvedRedis {
  if (typeof redis !== 'object' || redis === null) {
    throw new ConfigError('cache.redis must be options such as { url }, or a client of ioredis.')
  }
  if (isClient(redis)) return ofClient(redis)
  if (redis.credentials && (redis.username !== undefined || redis.password !== undefined)) {
    throw new ConfigError('cache.redis: give either credentials, or username and password.')
  }
  const { credentials } = redis
  if (!('nodes' in redis)) return { options: { ...ofServer(redis), ...access(redis) }, credentials }
  if (redis.nodes.length === 0) throw new ConfigError('cache.redis.nodes must name at least one node.')
  return { options: access(redis), credentials, seeds: redis.nodes }
}

function isClient(redis: CacheRedis): redis is RedisClient {
  return 'duplicate' in redis && typeof redis.duplicate === 'function'
}

function ofClient(client: RedisClient): ResolvedRedis {
  if (!client.isCluster) return { options: { ...client.options } }
  const options: { readonly redisOptions?: RedisOptions; readonly natMap?: unknown } = client.options
  return {
    options: { ...options.redisOptions },
    seeds: seedsOf(client),
    mapAddress: options.natMap ? natMapping(options.natMap) : undefined,
  }
}

/** As `natMap` of ioredis: an object by `host:port`, or a function of that. */
function natMapping(natMap: unknown): MapAddress {
  return (address) => {
    const key = `${address.host}:${address.port}`
    const mapped: unknown =
      typeof natMap === 'function' ? natMap(key) : natMap && Reflect.get(Object(natMap), key)
    return isAddress(mapped) ? mapped : address
  }
}

function isAddress(value: unknown): value is SeedNode {
  return typeof value === 'object' && value !== null && 'host' in value && 'port' in value
}

function ofServer({ url, host, port, database }: RedisServerOptions): RedisOptions {
  const parsed = url === undefined ? {} : ofUrl(url)
  const result: RedisOptions = { host: '127.0.0.1', port: 6379, ...parsed }
  if (host !== undefined) result.host = host
  if (port !== undefined) result.port = port
  if (database !== undefined) result.db = database
  return result
}

function ofUrl(text: string): RedisOptions {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    throw new ConfigError('cache.redis.url must be such as redis://host:6379 or rediss://host:6379.')
  }
  const database = /^\/(\d+)$/.exec(url.pathname)?.[1]
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(url.port && { port: Number(url.port) }),
    ...(url.username && { username: decodeURIComponent(url.username) }),
    ...(url.password && { password: decodeURIComponent(url.password) }),
    ...(database && { db: Number(database) }),
    ...(url.protocol === 'rediss:' && { tls: {} }),
  }
}

function access({ username, password, tls }: RedisAccessOptions): RedisOptions {
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: tls === true ? {} : tls }),
  }
}
