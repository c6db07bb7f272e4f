import { HAND_WRITTEN, LEASEHOLD, MULTIPLEXED, PIPELINED, RAW_NAMED } from '../patients/peers/connect-peer.ts'

/** A peer with so many connections to pgbouncer. */
export interface Way {
  readonly peer: string
  readonly connections: number
}

/** What a way is called. */
export function labelOf({ peer, connections }: Way): string {
  return `${peer} on ${connections}`
}

const MANY = 20
const FEW = 2

export const HAND_WRITTEN_ON_MANY: Way = { peer: HAND_WRITTEN, connections: MANY }
export const RAW_ON_MANY: Way = { peer: RAW_NAMED, connections: MANY }
export const PIPELINED_ON_FEW: Way = { peer: PIPELINED, connections: FEW }
export const LEASEHOLD_ON_MANY: Way = { peer: LEASEHOLD, connections: MANY }
export const MULTIPLEXED_ON_FEW: Way = { peer: MULTIPLEXED, connections: FEW }

/** What is judged, and what stands beside it. */
export const WAYS: readonly Way[] = [
  HAND_WRITTEN_ON_MANY,
  RAW_ON_MANY,
  PIPELINED_ON_FEW,
  LEASEHOLD_ON_MANY,
  MULTIPLEXED_ON_FEW,
]

/** No way of ours: it chooses its connections by itself. */
export const PGBENCH = 'pgbench at its best'

export const SWEEP_PEERS: readonly string[] = [PIPELINED, LEASEHOLD, MULTIPLEXED]
export const SWEEP_CONNECTIONS: readonly number[] = [1, 2, 4, 8, 16, 32]

/** Each of a few peers on more and more connections. */
export const SWEEP: readonly Way[] = SWEEP_PEERS.flatMap((peer) =>
  SWEEP_CONNECTIONS.map((connections) => ({ peer, connections })),
)
