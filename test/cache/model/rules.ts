/** The rules of a protocol, each of which can be taken away; and what the world may do to it. */
export interface Rules {
  /** What a writer does to Redis before COMMIT. */
  readonly before: 'mark' | 'delete' | 'nothing'
  /** What it does after: a new gen and the floor, a new gen, the floor with a DEL, a DEL. */
  readonly after: 'fence' | 'gen' | 'floor' | 'delete' | 'nothing'
  /** The fences of a writer are marked in one step, or one after the other. */
  readonly begins: 'atomic' | 'in turn'
  /** A store needs the gens of its lease. */
  readonly gens: boolean
  /** A store from a replica needs an LSN that is not below the floor. */
  readonly floors: boolean
  /** When a load reads its LSN on a replica. */
  readonly lsn: 'before the snapshot' | 'after the snapshot'
  /** When it does so on the primary; either is right, since the lease was before. */
  readonly primaryLsn: 'before the snapshot' | 'after the snapshot'
  /** What becomes of the mark of a writer that is gone. */
  readonly marks: 'settled' | 'expire'
  /** What the settling takes a transaction in progress for. */
  readonly inProgress: 'waits' | 'aborted'
  /** When the settling asks for a position. */
  readonly position: 'after the outcome' | 'before the outcome'
  /** The floor of a fence that is made anew. */
  readonly lostFloor: 'unknown' | 'zero'
  /** A finish raises the floor, or sets it. */
  readonly floor: 'highest' | 'latest'
  /** Who may call a load that runs its own. */
  readonly joins: 'nobody' | 'same open fences' | 'same fences' | 'same open or missing fences' | 'anybody'
  /** Where a load reads while a fence is marked. */
  readonly whileMarked: 'primary' | 'replica'
  /** Loads choose a server that has what the lease asks for; otherwise only the store looks at it. */
  readonly routed: boolean
  /** What is known in a process is used as long as its fences say so, or as long as it likes. */
  readonly local: 'none' | 'revalidated' | 'kept'
  /** What Redis forgets: fences without marks, any fence. */
  readonly evicts: 'nothing' | 'unmarked fences' | 'any fence'
  /** Redis' replica, any number of writes behind, takes over; the epoch tells so, or nobody does. */
  readonly failover: 'never' | 'unnoticed' | 'noticed by epoch'
  /** A row of the same transaction says what it overwrites, and is carried over later. */
  readonly journal: boolean
  /** Clients of writers die. */
  readonly crashes: boolean
  /** The fences at the start. */
  readonly start: 'known floor' | 'missing'
}

/** Whether a load on this server reads the LSN first. */
export function isLsnFirst(rules: Rules, isPrimary: boolean): boolean {
  return (isPrimary ? rules.primaryLsn : rules.lsn) === 'before the snapshot'
}

/** The protocol as it is built, and a world without eviction and failover. */
export const FULL: Rules = {
  before: 'mark',
  after: 'fence',
  begins: 'atomic',
  gens: true,
  floors: true,
  lsn: 'before the snapshot',
  primaryLsn: 'after the snapshot',
  marks: 'settled',
  inProgress: 'waits',
  position: 'after the outcome',
  lostFloor: 'unknown',
  floor: 'highest',
  joins: 'nobody',
  whileMarked: 'primary',
  routed: false,
  local: 'none',
  evicts: 'nothing',
  failover: 'never',
  journal: false,
  crashes: true,
  start: 'known floor',
}
