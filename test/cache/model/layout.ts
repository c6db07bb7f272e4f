/** How many of whom take part. */
export interface Shape {
  readonly writers: number
  readonly readers: number
  /** Fences that the one entry of the model has. */
  readonly fences: number
  readonly resolvers: number
}

/** Where a state keeps what: a state is a row of bytes, so that a million of them fit into one array. */
export const WAL = 0
export const VISIBLE = 1
export const ACKED = 2
export const REPLAYED = 3
/** The lease of a reader that is gone. */
export const GHOST = 4
export const ENTRY = 5
export const ENTRY_VERSION = 6
export const ENTRY_RANK = 7
/** Redis and its replica have the same gens. */
export const SAME = 8
export const KEPT = 9
export const KEPT_VERSION = 10
export const OLD_ENTRY = 11
export const OLD_VERSION = 12
export const OLD_RANK = 13
const PREFIX = 14

/** Of a writer: what its client does, at which fence, what the database knows of it, the LSN it was told, its row in the journal. */
export const PHASE = 0
export const STEP = 1
export const DB = 2
export const LSN = 3
export const NOTE = 4
const WRITER_SIZE = 5

/** Of a fence, here and in Redis' replica. */
export const FLOOR = 0
export const PENDING = 1
export const OLD_FLOOR = 2
export const OLD_PENDING = 3
const FENCE_SIZE = 4

/** Of a reader, beside PHASE and LSN. */
export const SOURCE = 1
export const VERSION = 2
/** LSN is 3, as with a writer. What was acknowledged when the call, or the last that joined it, was made: */
export const DUE = 4
/** The highest floor that the lease told. */
export const MINIMUM = 5
/** Bit 1: its gens are those of the fences; bit 2: those of the replica's fences; bit 4: there was no fence when it asked. */
export const GENS = 6
export const HOLDS = 7
export const RANK = 8
export const READER_SIZE = 9

/** Of a resolver, beside PHASE and LSN. */
export const OF_FENCE = 1
export const OF_WRITER = 2
const RESOLVER_SIZE = 4

/** A floor that nobody knows. */
export const UNKNOWN = 14
/** A fence that is not there, or one of another epoch. */
export const MISSING = 15

/** Client of a writer. */
export const IDLE = 0
export const BEGINNING = 1
export const MARKED = 2
export const COMMITTING = 3
export const FINISHING = 4
export const DONE = 5
export const ROLLING_BACK = 6
export const CRASHED = 7

/** Its transaction in the database. */
export const OPEN = 0
export const IN_WAL = 1
export const COMMITTED = 2
export const ABORTED = 3

/** A reader: leased, knows half of what it needs, knows both; and one that loads beside the cache, before and after its snapshot. */
export const LEASED = 1
export const HALF = 2
export const LOADED = 3
export const OUTSIDE = 4
export const ANSWERED = 5

/** A resolver: has claimed a mark; knows it committed; knows a position too; knows it rolled back; knows nobody can tell. */
export const CLAIMED = 1
export const SAW_COMMITTED = 2
export const SAW_POSITION = 3
export const SAW_ABORTED = 4
export const SAW_NOTHING = 5

export const PRIMARY = 0
export const REPLICA = 1

/** Where the blocks of a shape begin. */
export class Layout {
  readonly shape: Shape
  readonly #writers: number
  readonly #fences: number
  readonly #readers: number
  readonly #resolvers: number
  /** Bytes of a state, in whole words of four. */
  readonly size: number

  constructor(shape: Shape) {
    this.shape = shape
    this.#writers = PREFIX + shape.writers + 1
    this.#fences = this.#writers + shape.writers * WRITER_SIZE
    this.#readers = this.#fences + shape.fences * FENCE_SIZE
    this.#resolvers = this.#readers + shape.readers * READER_SIZE
    this.size = Math.ceil((this.#resolvers + shape.resolvers * RESOLVER_SIZE) / 4) * 4
  }

  /** The transactions in the first so many commits of the WAL. */
  prefix(commits: number): number {
    return PREFIX + commits
  }

  writer(index: number): number {
    return this.#writers + index * WRITER_SIZE
  }

  fence(index: number): number {
    return this.#fences + index * FENCE_SIZE
  }

  reader(index: number): number {
    return this.#readers + index * READER_SIZE
  }

  resolver(index: number): number {
    return this.#resolvers + index * RESOLVER_SIZE
  }
}

/** A byte of a state. Reading behind its end is a mistake of the model, never of the protocol. */
export function byte(state: Uint8Array, offset: number): number {
  const value = state[offset]
  if (value === undefined) throw new RangeError(`no byte ${offset} in a state of ${state.length}`)
  return value
}
