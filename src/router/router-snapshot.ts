import type { RouteReason } from '../telemetry.ts'
import type { Fleet } from './fleet.ts'
import type { ReplicaState } from './health/replica-health.ts'
import type { Replica } from './replica.ts'

/** How one replica stands. */
export interface ReplicaSnapshot {
  readonly id: string
  readonly az: string | undefined
  readonly state: ReplicaState
  /** Milliseconds that it has been in this state. */
  readonly stateMs: number
  /** Next to the others. */
  readonly weight: number
  /** Milliseconds and bytes that it was behind the primary by its last probe; nothing where that is not known. */
  readonly lagMs: number | undefined
  readonly lagBytes: number | undefined
  readonly outstanding: number
  /** Reads that it has answered, since the start. */
  readonly served: number
  /** How often in a row it was ejected. */
  readonly ejections: number
  /** The code of what its last probe failed with: a SQLSTATE, or the network's; nothing if it was answered. */
  readonly probeError: string | undefined
}

/** How the servers stand, and where work has gone since the start. */
export interface RouterSnapshot {
  /** Whether the primary answered its last probe. */
  readonly primaryAnswers: boolean
  readonly replicas: readonly ReplicaSnapshot[]
  /** Reads and writes that have ended, in all. */
  readonly routed: number
  /** How many of those for each reason; they sum up to {@link routed}. */
  readonly reasons: Readonly<Partial<Record<RouteReason, number>>>
}

export function takeSnapshot(fleet: Fleet | undefined): RouterSnapshot {
  if (!fleet) return { primaryAnswers: false, replicas: [], routed: 0, reasons: {} }
  return Object.freeze({
    primaryAnswers: fleet.primaryAnswers,
    replicas: Object.freeze(fleet.replicas.map((replica) => snapshotOf(replica, fleet))),
    routed: fleet.counts.total,
    reasons: fleet.counts.byReason(),
  })
}

function snapshotOf(replica: Replica, fleet: Fleet): ReplicaSnapshot {
  const nowMs = performance.now()
  const { health, id, az, weight, outstanding, served } = replica
  const lag = fleet.lagOf(replica, nowMs)
  return Object.freeze({
    id,
    az,
    state: health.state,
    stateMs: nowMs - health.sinceMs,
    weight,
    lagMs: lag.ms,
    lagBytes: lag.bytes,
    outstanding,
    served,
    ejections: health.ejections,
    probeError: codeOf(replica.probeError),
  })
}

/** Only a code: a message may name hosts and roles. */
function codeOf(error: unknown): string | undefined {
  if (error === undefined) return undefined
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
}
