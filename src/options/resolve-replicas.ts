import { ConfigError } from '../errors/config.ts'
import { refuseForeign } from '../made-here.ts'
import { Router } from '../router/router.ts'
import type { ReplicaOptions } from '../router/router-options.ts'
import type { LeaseholdOptions } from './options.ts'
import { type PoolTarget, resolvePool } from './resolve-pool.ts'

/** A replica after every check. */
export interface ReplicaTarget {
  readonly id: string
  readonly az: string | undefined
  readonly weight: number
  readonly target: PoolTarget
}

const MOST_WEIGHT = 1_000

/** @throws {ConfigError} naming the option's path */
export function resolveReplicas({ primary, replicas = [], router }: LeaseholdOptions): {
  readonly replicas: readonly ReplicaTarget[]
  readonly router: Router | undefined
} {
  if (!Array.isArray(replicas)) throw new ConfigError('options.replicas must be an array.')
  if (router !== undefined && !(router instanceof Router)) {
    refuseForeign('router', router, 'options.router')
    throw new ConfigError('options.router must be what createRouter() gives.')
  }
  const targets = replicas.map((replica, index) => resolveReplica(replica, `options.replicas[${index}]`))
  const ids = targets.map(({ id }) => id)
  if (new Set(['primary', ...ids]).size !== ids.length + 1) {
    throw new ConfigError('options.replicas: each needs an id of its own, and none may be "primary".')
  }
  if (targets.some(({ target }) => 'pool' in target && target.pool === primary)) {
    throw new ConfigError('options.replicas: a replica must have another pool than options.primary.')
  }
  return {
    replicas: Object.freeze(targets),
    router: targets.length > 0 ? (router ?? new Router()) : undefined,
  }
}

function resolveReplica(given: ReplicaOptions, path: string): ReplicaTarget {
  if (typeof given !== 'object' || given === null) throw new ConfigError(`${path} must be an object.`)
  const {
    id,
    az,
    weight = 1,
    pool,
    ...config
  } = given as { pool?: unknown } & Exclude<ReplicaOptions, { pool: unknown }>
  if (typeof id !== 'string' || id === '') throw new ConfigError(`${path}.id must be a name.`)
  if (az !== undefined && typeof az !== 'string') throw new ConfigError(`${path}.az must be a name.`)
  if (typeof weight !== 'number' || !(weight > 0) || weight > MOST_WEIGHT) {
    throw new ConfigError(`${path}.weight must be a number above 0, at most ${MOST_WEIGHT}.`)
  }
  const target = resolvePool(pool === undefined ? config : pool, pool === undefined ? path : `${path}.pool`)
  return Object.freeze({ id, az, weight, target })
}
