import { SESSION_BASELINE, type SessionBaseline } from '../context/session-baseline.ts'
import { acquire } from '../pool/acquire.ts'
import type { Lease } from '../pool/lease.ts'
import type { Deadline } from './deadline.ts'
import { outcomeOfRead } from './failure.ts'
import type { Reply, Segment } from './reply-reader.ts'
import { callerStatement } from './statement.ts'
import type { TenantSource } from './tenant-source.ts'
import { WireConnection } from './wire-connection.ts'

const baselineSegment: Segment = {
  statements: [callerStatement({ text: SESSION_BASELINE, rowMode: 'array' })],
}

/** A wire connection for as long as it is leased, with pipelining on and its session's baseline known. */
export class LeasedConnection {
  readonly baseline: SessionBaseline
  readonly #lease: Lease
  readonly #wire: WireConnection
  readonly #restorePipeline: () => void

  /**
   * Leases a connection. The first use of each connection costs one more round trip, for the baseline.
   *
   * @throws what {@link acquire} throws, and {@link ConnectionLostError} or {@link DeadlineError}
   */
  static async open(source: TenantSource, deadline: Deadline): Promise<LeasedConnection> {
    const waitMs = Math.min(source.acquireTimeoutMs, deadline.remainingMs())
    const lease = await acquire(source.pool, waitMs)
    try {
      const wire = WireConnection.of(lease.client)
      const restore = wire.pipeline()
      wire.baseline ??= await readBaseline(wire, deadline)
      return new LeasedConnection(lease, wire, wire.baseline, restore)
    } catch (error) {
      lease.discard()
      throw error
    }
  }

  private constructor(
    lease: Lease,
    wire: WireConnection,
    baseline: SessionBaseline,
    restorePipeline: () => void,
  ) {
    this.#lease = lease
    this.#wire = wire
    this.baseline = baseline
    this.#restorePipeline = restorePipeline
  }

  get broken(): boolean {
    return this.#wire.broken
  }

  /** @throws {ExchangeFailure} see {@link WireConnection.exchange} */
  exchange(segment: Segment, deadline: Deadline): Promise<Reply> {
    return this.#wire.exchange(segment, deadline)
  }

  /** Gives the connection back, or has it ended if it is broken. */
  release(): void {
    if (this.broken) this.#lease.discard()
    else {
      this.#restorePipeline()
      this.#lease.release()
    }
  }

  /** Ends the connection, with whatever still runs on it. */
  destroy(cause: unknown): void {
    this.#wire.destroy(cause)
    this.#lease.discard()
  }
}

async function readBaseline(wire: WireConnection, deadline: Deadline): Promise<SessionBaseline> {
  const reply = await wire.exchange(baselineSegment, deadline).catch((failure: unknown) => {
    throw outcomeOfRead(failure)
  })
  if (reply.error) throw reply.error
  const [row] = reply.results[0]?.rows ?? []
  return { signature: String((row as unknown[])[0]) }
}
