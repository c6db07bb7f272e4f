import { ConfigError } from '../errors/config.ts'
import { isMade } from '../made-here.ts'
import { isPgPool, type PgPool, type PoolOptions } from '../pool/pg-pool.ts'

/** A pool, or what to make one from. */
export type PoolTarget = { readonly pool: PgPool } | { readonly config: PoolOptions }

/** @throws {ConfigError} */
export function resolvePool(value: unknown, path: string): PoolTarget {
  if (typeof value !== 'object' || value === null) {
    throw new ConfigError(`${path} must be a pg pool configuration, or a pg.Pool.`)
  }
  // pg reads from an object without any of its fields what the environment says, and would go to another database.
  if (isMade('database', value)) {
    throw new ConfigError(
      `${path} is what createLeasehold gave. It must be a pg pool configuration, or a pg.Pool.`,
    )
  }
  return isPgPool(value) ? { pool: value } : { config: value as PoolOptions }
}
