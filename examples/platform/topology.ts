import { type PoolerNode, type PostgresNode, type Rig, startRig } from 'leasehold/testing'
import { freePort } from './free-port.ts'
import { TcpBalancer } from './tcp-balancer.ts'

/** PostgreSQL, pgbouncer and Redis, as AWS runs them for the platform. */
export interface Topology {
  /** The clinics' servers. */
  readonly rig: Rig
  /** The tasks of the pgbouncer service in front of the primary. */
  readonly poolers: readonly PoolerNode[]
  /** Their load balancer. */
  readonly balancer: TcpBalancer
  /** None in phase 1. */
  readonly replicas: readonly Replica[]
  /** The server of telemetry events, and its pgbouncer. */
  readonly telemetry: { readonly primary: PostgresNode; readonly pooler: PoolerNode }
}

export interface Replica {
  /** As it is called in `REPLICA_URLS`. */
  readonly id: string
  readonly node: PostgresNode
  readonly pooler: PoolerNode
}

export interface TopologyOptions {
  readonly phase: 1 | 2
  /** Server connections that a pgbouncer may hold for one role: all services together have no more. */
  readonly poolSize: number
}

/** The databases' names. */
export const CLINIC_DATABASE = 'clinic'
export const TELEMETRY_DATABASE = 'telemetry'

/** One may be lost, or be replaced by a new version, while the other goes on. */
const POOLERS = 2
/**
 * Seconds that pgbouncer lets a statement wait for a server (by itself 120). There is one primary, and its restart is worth a wait; a read
 * whose replica is gone is better told so, and sent elsewhere.
 */
const PRIMARY_WAIT_S = 15
const REPLICA_WAIT_S = 1
/** Statements that pgbouncer keeps prepared for each client. */
const PREPARED = 200

/** Starts all servers. They end with `resources`, or with this process. */
export async function startTopology(
  { phase, poolSize }: TopologyOptions,
  resources: AsyncDisposableStack,
): Promise<Topology> {
  const [rig, telemetryRig] = await Promise.all([
    startRig({ standbys: phase === 1 ? 0 : 2, redis: true }),
    startRig({ standbys: 0, redis: false }),
  ])
  resources.use(rig)
  resources.use(telemetryRig)
  const inFrontOf = (of: Rig, target: PostgresNode, users: readonly string[], waitS = PRIMARY_WAIT_S) =>
    of.startPgbouncer({
      version: '1.24',
      target,
      poolSize,
      maxPreparedStatements: PREPARED,
      // The roles are made by the schema, which comes later.
      users,
      settings: { query_wait_timeout: waitS },
    })
  const [poolers, telemetryPooler, replicaPoolers] = await Promise.all([
    Promise.all(Array.from({ length: POOLERS }, () => inFrontOf(rig, rig.primary, ['app', 'cache_relay']))),
    inFrontOf(telemetryRig, telemetryRig.primary, ['telemetry_app']),
    Promise.all(rig.standbys.map((standby) => inFrontOf(rig, standby, ['app'], REPLICA_WAIT_S))),
  ])
  const balancer = resources.use(await TcpBalancer.start(await freePort(), poolers))
  const replicas = rig.standbys.flatMap((node, at) => {
    const pooler = replicaPoolers[at]
    return pooler ? [{ id: `r${at + 1}`, node, pooler }] : []
  })
  return {
    rig,
    poolers,
    balancer,
    replicas,
    telemetry: { primary: telemetryRig.primary, pooler: telemetryPooler },
  }
}

/** A connection string through the load balancer, without a password. */
export function throughBalancer(
  { balancer }: Pick<Topology, 'balancer'>,
  user: string,
  database: string,
): string {
  return `postgres://${encodeURIComponent(user)}@${balancer.host}:${balancer.port}/${encodeURIComponent(database)}`
}
