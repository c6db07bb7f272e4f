import { createHash } from 'node:crypto'
import { Random } from '../support/random.ts'

/** What a soak inflicts on connections and servers. */
export type FaultKind =
  /** RST, or FIN, at some message of some connection. */
  | 'socketKill'
  /** A message of some connection arrives in part, then RST. */
  | 'tornMessage'
  /** Some connection loses all further bytes, and stays open, for a while. */
  | 'connectionBlackHole'
  /** All connections, and new ones, lose all bytes for a while. */
  | 'blackHole'
  /** SIGSTOP of the postmaster and its backends for a while. */
  | 'serverFreeze'
  /** SIGKILL of a backend, after which PostgreSQL ends all others and recovers from its log. */
  | 'backendKill'
  /** SIGTERM of a backend, as an administrator would. */
  | 'backendEnd'
  /** SIGSTOP of the pooler for a while. */
  | 'poolerFreeze'
  /** SIGQUIT of the pooler, and a new one on its port. */
  | 'poolerRestart'

/** One fault, when its operation begins. */
export interface PlannedFault {
  readonly at: number
  readonly kind: FaultKind
  /** How long it lasts, where it lasts. */
  readonly ms: number
  /** Which of the variants: of messages, of backends. */
  readonly pick: number
}

/** One in so many operations. */
const ONE_IN: Readonly<Record<FaultKind, number>> = {
  socketKill: 60,
  tornMessage: 400,
  connectionBlackHole: 1_500,
  blackHole: 8_000,
  serverFreeze: 5_000,
  backendKill: 10_000,
  backendEnd: 1_000,
  poolerFreeze: 8_000,
  poolerRestart: 5_000,
}

const KINDS = Object.keys(ONE_IN) as FaultKind[]
const SHORTEST_MS = 20

/** The faults of a soak: the same for the same seed and size. Servers that are not there have none. */
export function planFaults(options: {
  readonly seed: number
  readonly operations: number
  readonly hasPooler: boolean
  /** The longest that a fault lasts. */
  readonly longestMs: number
}): readonly PlannedFault[] {
  const { seed, operations, hasPooler, longestMs } = options
  // Not the workload's own numbers, so that a soak without faults does the same work.
  const random = new Random(seed ^ 0x5eed)
  const faults: PlannedFault[] = []
  for (const kind of KINDS) {
    if (!hasPooler && (kind === 'poolerFreeze' || kind === 'poolerRestart')) continue
    const count = Math.floor(operations / ONE_IN[kind])
    for (let index = 0; index < count; index += 1) {
      const at = 1 + random.below(operations)
      faults.push({
        at,
        kind,
        ms: SHORTEST_MS + random.below(longestMs - SHORTEST_MS),
        pick: random.below(1_000),
      })
    }
  }
  return faults.sort((one, other) => one.at - other.at)
}

/** Identifies a schedule. */
export function hashFaults(faults: readonly PlannedFault[]): string {
  return createHash('sha256').update(JSON.stringify(faults)).digest('hex').slice(0, 16)
}
