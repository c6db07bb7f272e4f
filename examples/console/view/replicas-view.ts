import type { Observation, Standby } from '../collect/observation.ts'
import { type Status, worst } from './status.ts'

/** One replica, as the services that read from it see it. */
export interface ReplicaView {
  readonly id: string
  readonly status: Status
  /** The worst state that a service sees it in. */
  readonly state: string
  readonly meaning: string
  /** The largest that is known; nothing where nobody knows. */
  readonly lagMs: number | undefined
  readonly lagBytes: number | undefined
  readonly served: number
  readonly outstanding: number
  readonly ejections: number
  readonly sightings: readonly Sighting[]
}

/** What one service makes of a replica. */
export interface Sighting {
  readonly service: string
  readonly status: Status
  readonly state: string
  readonly stateS: number
  readonly probeError: string | undefined
}

/** What the primary says of who streams from it; nothing where it does not answer. */
export type StandbysView = readonly Standby[] | undefined

const STATES: Readonly<Record<string, readonly [status: Status, meaning: string]>> = {
  healthy: ['ok', 'Serves reads'],
  warming: ['ok', 'Serves, with a weight that grows'],
  unknown: ['unknown', 'Not seen yet'],
  lagging: ['warn', 'Too far behind: reads go elsewhere'],
  draining: ['warn', 'On its way out: begins nothing new'],
  ejected: ['bad', 'Taken out: unreachable, or much slower than the others'],
  promoted: ['bad', 'A primary now: no place for reads'],
  foreign: ['bad', 'Belongs to another cluster: serves wrong data'],
}

/** Less than the router puts up with, and more than anybody should get used to. */
const BEHIND_FROM_MS = 1_000

export function statusOfState(state: string): Status {
  return STATES[state]?.[0] ?? 'unknown'
}

/** Each replica once, with what every service makes of it: services judge for themselves, and may differ. */
export function viewReplicas({ services }: Observation): readonly ReplicaView[] {
  const seen = services.flatMap(({ name: service, metrics }) =>
    metrics.ok ? metrics.value.replicas.map((replica) => ({ service, replica })) : [],
  )
  return [...Map.groupBy(seen, ({ replica }) => replica.id)]
    .map(([id, sights]): ReplicaView => {
      const status = worst(sights.map(({ replica }) => statusOfState(replica.state)))
      const state = sights.find(({ replica }) => statusOfState(replica.state) === status)?.replica.state ?? ''
      const total = (of: (replica: (typeof sights)[number]['replica']) => number) =>
        sights.reduce((all, { replica }) => all + of(replica), 0)
      const lagMs = largest(sights.map(({ replica }) => replica.lagMs))
      const isBehind = status === 'ok' && lagMs !== undefined && lagMs >= BEHIND_FROM_MS
      return {
        id,
        ...(isBehind
          ? { status: 'warn', state: 'behind', meaning: 'Serves, but fresh writes are read at the primary' }
          : { status, state, meaning: STATES[state]?.[1] ?? 'A state that this page does not know' }),
        lagMs,
        lagBytes: largest(sights.map(({ replica }) => replica.lagBytes)),
        served: total(({ served }) => served),
        outstanding: total(({ outstanding }) => outstanding),
        ejections: total(({ ejections }) => ejections),
        sightings: sights.map(({ service, replica }) => ({
          service,
          status: statusOfState(replica.state),
          state: replica.state,
          stateS: replica.stateMs / 1_000,
          probeError: replica.probeError ?? undefined,
        })),
      }
    })
    .sort((a, b) => a.id.localeCompare(b.id))
}

/** Who streams from the clinics' primary. */
export function viewStandbys({ databases }: Observation): StandbysView {
  const server = databases[0]?.server
  return server?.ok ? server.value.standbys.toSorted((a, b) => a.name.localeCompare(b.name)) : undefined
}

function largest(values: readonly (number | null)[]): number | undefined {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? undefined : Math.max(...known)
}
