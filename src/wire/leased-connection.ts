import type { ContextTenant } from '../context/no-tenant.ts'
import type { SessionBaseline } from '../context/session-baseline.ts'
import type { Lease } from '../pool/lease.ts'
import type { BatchConnection } from './batch-connection.ts'
import type { Deadline } from './deadline.ts'
import { IDLE } from './expected-state.ts'
import { findSession } from './find-session.ts'
import type { Reply, Segment } from './reply-reader.ts'
import { ownStatement } from './statement.ts'
import type { TenantSource } from './tenant-source.ts'
import { WireConnection } from './wire-connection.ts'

/** How long a cancelled statement may take to end. */
const CANCEL_LIMIT_MS = 900

/** A wire connection for as long as it is leased, with pipelining on and its session's baseline known. */
export class LeasedConnection implements BatchConnection {
  readonly baseline: SessionBaseline
  readonly #lease: Lease
  readonly #wire: WireConnection
  readonly #restorePipeline: () => void

  /**
   * Leases a connection. The first use of each connection costs one more round trip, for {@link findSession}.
   *
   * @param tenant in whose turn
   * @param signal ends the wait for a connection
   * @param isBegun whether it is for work that had begun before `close()`
   * @throws what {@link PoolGate.acquire} throws, and {@link ConnectionLostError} or {@link DeadlineError}
   */
  static async open(
    source: TenantSource,
    tenant: ContextTenant,
    deadline: Deadline,
    signal?: AbortSignal,
    isBegun = false,
  ): Promise<LeasedConnection> {
    const waitMs = Math.min(source.acquireTimeoutMs, deadline.remainingMs())
    const lease = await source.admission.acquire(tenant, waitMs, signal, isBegun)
    try {
      const wire = WireConnection.of(lease.client)
      await wire.settleOthers(deadline)
      const restore = wire.pipeline()
      wire.session ??= await findSession(
        wire,
        source.prepare,
        source.statementNames,
        deadline,
        source.isShared,
      )
      return new LeasedConnection(lease, wire, wire.session.baseline, restore)
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

  /** Whether batches may be sent on it before earlier ones are answered. */
  get mayQueue(): boolean {
    return this.#wire.session?.mayQueue ?? false
  }

  /** Whether a write on it can leave evidence of its commit. */
  get mayReadEvidence(): boolean {
    return this.#wire.session?.mayReadEvidence ?? false
  }

  /** Whether the role may ask where the server stands. */
  get mayReadPosition(): boolean {
    return this.#wire.session?.mayReadPosition ?? false
  }

  get broken(): boolean {
    return this.#wire.broken
  }

  /** @throws {ExchangeFailure} see {@link WireConnection.exchange} */
  exchange(segment: Segment, deadline: Deadline): Promise<Reply> {
    return this.#wire.exchange(segment, deadline)
  }

  /** Ends a transaction that is not to be committed. If ROLLBACK fails, ending the connection ends the transaction. */
  async rollBack(deadline: Deadline): Promise<void> {
    try {
      await this.exchange({ statements: [ownStatement('rollback')], leaves: IDLE }, deadline)
    } catch {
      // The exchange has destroyed the connection.
    }
  }

  /** Stops what runs on the connection. Only then may it be given back. */
  cancelRunning(): Promise<void> {
    return this.#wire.cancelRunning(CANCEL_LIMIT_MS)
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
