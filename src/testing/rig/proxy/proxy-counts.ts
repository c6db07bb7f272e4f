import type { Direction } from './message-names.ts'
import { TurnCounter } from './turn-counter.ts'

/** What was counted on one connection. */
export interface ConnectionCounts {
  /** Turns from client to server, as {@link TurnCounter} defines them; start-up and Terminate excluded. */
  readonly roundTrips: number
  /** Runs of client bytes that no server bytes interrupt; start-up and Terminate excluded. */
  readonly clientFlushes: number
  /** Every byte that arrived, by sender, start-up included. */
  readonly bytes: Readonly<Record<Direction, number>>
}

/** A frozen snapshot of what the proxy saw arrive since it started or since `resetCounts()`. */
export interface ProxyCounts extends ConnectionCounts {
  /** Connections accepted, those for a CancelRequest included. */
  readonly connections: number
  /** Connections turned away by `refuse(true)`. */
  readonly refused: number
  readonly cancelRequests: number
  /**
   * Whole messages by sender and type letter, from behind a connection's first ReadyForQuery on. Nothing can be
   * read on an encrypted connection, so it adds bytes only: no messages, flushes or round trips.
   */
  readonly messages: Readonly<Record<Direction, Readonly<Record<string, number>>>>
  /** By connection number: every live connection, and the {@link KEPT_CLOSED} that closed last. */
  readonly perConnection: Readonly<Record<number, ConnectionCounts>>
}

/** How many closed connections keep their own counts; the totals hold all of them. */
export const KEPT_CLOSED = 1_000

/** The counts of one connection while it lives. */
export class ConnectionTally {
  readonly #turns = new TurnCounter()
  readonly #total: ProxyTally
  #roundTrips = 0
  #clientFlushes = 0
  readonly #bytes = { client: 0, server: 0 }

  constructor(total: ProxyTally) {
    this.#total = total
  }

  addBytes(direction: Direction, length: number): void {
    this.#bytes[direction] += length
    this.#total.bytes[direction] += length
  }

  /** Bytes that count for the turns arrived. */
  spoke(direction: Direction): void {
    if (direction === 'client') {
      if (!this.#turns.clientSpoke()) return
      this.#clientFlushes += 1
      this.#total.clientFlushes += 1
    } else if (this.#turns.serverSpoke()) {
      this.#roundTrips += 1
      this.#total.roundTrips += 1
    }
  }

  reset(): void {
    // The answer to a flush sent before the reset belongs to what was forgotten.
    this.#turns.forget()
    this.#roundTrips = 0
    this.#clientFlushes = 0
    this.#bytes.client = 0
    this.#bytes.server = 0
  }

  snapshot(): ConnectionCounts {
    return Object.freeze({
      roundTrips: this.#roundTrips,
      clientFlushes: this.#clientFlushes,
      bytes: Object.freeze({ ...this.#bytes }),
    })
  }
}

/** The counts of all connections. Plain fields: they are touched for every message. */
export class ProxyTally {
  connections = 0
  refused = 0
  cancelRequests = 0
  roundTrips = 0
  clientFlushes = 0
  readonly bytes: Record<Direction, number> = { client: 0, server: 0 }
  readonly messages: Record<Direction, Float64Array> = {
    client: new Float64Array(256),
    server: new Float64Array(256),
  }
  readonly #live = new Map<number, ConnectionTally>()
  readonly #closed = new Map<number, ConnectionCounts>()

  open(connection: number): ConnectionTally {
    this.connections += 1
    const tally = new ConnectionTally(this)
    this.#live.set(connection, tally)
    return tally
  }

  close(connection: number): void {
    const tally = this.#live.get(connection)
    if (tally === undefined) return
    this.#live.delete(connection)
    this.#closed.set(connection, tally.snapshot())
    const [oldest] = this.#closed.keys()
    if (this.#closed.size > KEPT_CLOSED && oldest !== undefined) this.#closed.delete(oldest)
  }

  reset(): void {
    this.connections = 0
    this.refused = 0
    this.cancelRequests = 0
    this.roundTrips = 0
    this.clientFlushes = 0
    for (const direction of ['client', 'server'] as const) {
      this.bytes[direction] = 0
      this.messages[direction].fill(0)
    }
    this.#closed.clear()
    for (const tally of this.#live.values()) tally.reset()
  }

  snapshot(): ProxyCounts {
    const perConnection: Record<number, ConnectionCounts> = Object.fromEntries(this.#closed)
    for (const [connection, tally] of this.#live) perConnection[connection] = tally.snapshot()
    return Object.freeze({
      connections: this.connections,
      refused: this.refused,
      cancelRequests: this.cancelRequests,
      roundTrips: this.roundTrips,
      clientFlushes: this.clientFlushes,
      bytes: Object.freeze({ ...this.bytes }),
      messages: Object.freeze({
        client: byLetter(this.messages.client),
        server: byLetter(this.messages.server),
      }),
      perConnection: Object.freeze(perConnection),
    })
  }
}

function byLetter(counts: Float64Array): Readonly<Record<string, number>> {
  const named: Record<string, number> = {}
  counts.forEach((count, type) => {
    if (count > 0) named[String.fromCharCode(type)] = count
  })
  return Object.freeze(named)
}
