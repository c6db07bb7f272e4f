import { ConfigError } from '../errors/config.ts'
import { isPgPool, type PgPool, type PoolOptions } from '../pool/pg-pool.ts'

/** A pool, or what to make one from. */
export type PoolTarget = { readonly pool: PgPool } | { readonly config: PoolOptions }

/** @throws {ConfigError} */
export function resolvePool(value: unknown, path: string): PoolTarget {
  if (typeof value !== 'object' || value === null) {
    throw new ConfigError(`${path} must be a pg pool configuration, or a pg.Pool.`)
  }
  return isPgPool(value) ? { pool: value } : { config: value as PoolOptions }
}
