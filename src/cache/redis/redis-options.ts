import type { ConnectionOptions } from 'node:tls'

/** Who the cache is to Redis. */
export interface RedisCredentials {
  readonly username?: string | undefined
  readonly password: string
}

/** How the cache logs in, and over what. */
export interface RedisAccessOptions {
  readonly username?: string
  readonly password?: string
  /**
   * Is asked before each connection, instead of `username` and `password`: for passwords that change, such as the IAM tokens of
   * ElastiCache, which are good for 15 minutes.
   */
  readonly credentials?: () => RedisCredentials | Promise<RedisCredentials>
  /** `true`, or options of `tls.connect` such as `ca`. @default by the URL: `rediss:` is with TLS */
  readonly tls?: boolean | ConnectionOptions
}

/** Where one Redis is: its primary, or a name that leads to it. */
export interface RedisServerOptions extends RedisAccessOptions {
  /** `redis://` or `rediss://user:password@host:port/database`. */
  readonly url?: string
  /** @default '127.0.0.1' */
  readonly host?: string
  /** @default 6379 */
  readonly port?: number
  /** @default 0 */
  readonly database?: number
}

/** Where a Redis Cluster is: some of its nodes, or its configuration endpoint. The others are learned from them. */
export interface RedisClusterOptions extends RedisAccessOptions {
  readonly nodes: readonly { readonly host: string; readonly port: number }[]
}

/**
 * A `Redis` or `Cluster` of ioredis. The cache takes its options, and makes connections of its own with limits of its own: this
 * client is left as it is.
 */
export interface RedisClient {
  readonly options: object
  readonly isCluster: boolean
  duplicate(): unknown
}

/** Where Redis is, or a client of ioredis. */
export type CacheRedis = RedisServerOptions | RedisClusterOptions | RedisClient
