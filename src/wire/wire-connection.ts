import { setTimeout as sleep } from 'node:timers/promises'
import type { SessionBaseline } from '../context/session-baseline.ts'
import { ConnectionLostError } from '../errors/connection.ts'
import { ExchangeFailure } from '../errors/exchange-failure.ts'
import { ProtocolDesyncError, type TransactionStateError } from '../errors/protocol.ts'
import type { PgClient } from '../pool/pg-pool.ts'
import { alarmEvents } from '../telemetry.ts'
import { sendCancelRequest } from './cancel-request.ts'
import type { Deadline } from './deadline.ts'
import { Exchange, type ExchangeHost } from './exchange.ts'
import { asWireClient, type TransactionStatus, type WireClient } from './pg-internals.ts'
import { listen } from './pipelined-query.ts'
import { orderUnnamed, type PreparedStatements, type SegmentOrder } from './prepared-statements.ts'
import type { Reply, Segment } from './reply-reader.ts'
import type { WireStatement } from './statement.ts'

/** What the first use of a connection finds out. */
export interface KnownSession {
  /** What the session looks like at connect. */
  readonly baseline: SessionBaseline
  /** What is prepared on the connection; nothing where names do not hold behind the pooler. */
  readonly prepared: PreparedStatements | undefined
  /** Whether segments may be sent before earlier ones are answered, with nothing lost when the connection is. */
  readonly mayQueue: boolean
  /** Whether the role may ask for what proves a commit. */
  readonly mayReadEvidence: boolean
  /** Whether the role may ask where the server stands. */
  readonly mayReadPosition: boolean
}

/** How long a cancelled statement has to answer before it is cancelled again. */
const CANCEL_PAUSE_MS = 25

const connections = new WeakMap<PgClient, WireConnection>()

/**
 * One connection of a pool, as the wire code sees it: segments go out, replies come back in order.
 *
 * A segment settles only at its own ReadyForQuery, also after an error: before it the transaction status is stale,
 * and a deferred constraint can still fail after CommandComplete.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export class WireConnection {
  /** What is known of the session; nothing until the first use. */
  session: KnownSession | undefined
  readonly #client: WireClient
  /** On their way, the first one's turn to be answered. */
  readonly #exchanges: Exchange[] = []
  readonly #host: ExchangeHost = {
    contradicted: (found) => this.#contradicted(found),
    refuse: (exchange, error) => this.#refuse(exchange, error),
    destroy: (cause) => this.destroy(cause),
  }
  #brokenBy: unknown

  /** The wire connection of a pooled client, the same one each time. */
  static of(client: PgClient): WireConnection {
    const known = connections.get(client)
    if (known) return known
    const made = new WireConnection(asWireClient(client))
    connections.set(client, made)
    return made
  }

  private constructor(client: WireClient) {
    this.#client = client
    listen(client.connection, {
      parsed: () => this.#exchanges[0]?.parsed(),
      ready: (status) => this.#exchanges.shift()?.ready(status as TransactionStatus),
      notice: (routine) => this.#exchanges[0]?.notice(routine),
      copy: () => this.#exchanges.length > 0 && this.#contradicted('COPY data'),
      lost: (cause) => this.destroy(this.#exchanges[0]?.serverError ?? cause),
    })
  }

  /** Whether the connection must not be used again. */
  get broken(): boolean {
    return this.#brokenBy !== undefined
  }

  /** The process id that the start-up of the connection named; of a pooler, when there is one. */
  get backendPid(): number | null {
    return this.#client.processID
  }

  /**
   * Waits for what others have sent on the client and not awaited, as a listener of the pool's `connect` event may: the
   * answers would be taken for ours.
   *
   * @throws {ConnectionLostError} {@link DeadlineError}
   */
  settleOthers(deadline: Deadline): Promise<void> {
    const client = this.#client
    if (client.readyForQuery || this.broken) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const settle = (then: () => void) => {
        clearTimeout(timer)
        client.removeListener('drain', drained)
        client.connection.removeListener('end', lost)
        then()
      }
      const drained = () => settle(resolve)
      const lost = () => settle(() => reject(new ConnectionLostError(this.#brokenBy)))
      const late = () => settle(() => reject(deadline.error('a query of another user of the connection')))
      const timer = setTimeout(late, deadline.remainingMs())
      client.on('drain', drained)
      client.connection.on('end', lost)
    })
  }

  /** Turns pipelining on; the function that comes back restores what was. */
  pipeline(): () => void {
    const before = this.#client.pipeline
    this.#client.pipeline = true
    return () => {
      this.#client.pipeline = before
    }
  }

  /**
   * Sends a segment and reads its reply.
   *
   * @throws {ExchangeFailure} the connection failed, the deadline passed, or the reply was not ours; in each case the
   *   connection is destroyed
   */
  exchange(
    segment: Segment,
    deadline: Deadline,
    order: SegmentOrder = this.#order(segment.statements),
  ): Promise<Reply> {
    if (this.broken) return Promise.reject(new ExchangeFailure(this.#brokenBy, false))
    const { prepared } = this.session ?? {}
    const exchange = new Exchange(this.#host, this.#client, segment, order, prepared, deadline)
    this.#exchanges.push(exchange)
    this.#client.query(exchange.query)
    return exchange.reply
  }

  /**
   * Ends the connection at once and fails every segment on it. Not `client.end()`: with queries in flight that waits
   * for their answers, which a black hole never gives.
   */
  destroy(cause: unknown): void {
    if (this.broken) return
    this.#brokenBy = cause ?? new Error('The connection was destroyed.')
    this.#client.connection.stream.destroy()
    for (const exchange of this.#exchanges.splice(0)) exchange.fail(this.#brokenBy)
  }

  /**
   * Stops what runs on the connection. Settles when the replies have come and no cancel request is on its way any more, so
   * that none can hit who uses the connection next; where that takes longer than the limit, the connection is destroyed.
   */
  async cancelRunning(limitMs: number): Promise<void> {
    const last = this.#exchanges.at(-1)
    const stopAt = performance.now() + limitMs
    while (last && this.#exchanges.includes(last)) {
      const leftMs = stopAt - performance.now()
      if (leftMs <= 0) return this.destroy(new Error('A cancelled statement did not end.'))
      try {
        await sendCancelRequest(this.#client, leftMs)
      } catch (cause) {
        return this.destroy(cause)
      }
      // A request that overtakes the statement on its way cancels nothing, so that it may have to be repeated.
      await sleep(Math.min(CANCEL_PAUSE_MS, leftMs))
    }
  }

  #order(statements: readonly WireStatement[]): SegmentOrder {
    return this.session?.prepared?.order(statements) ?? orderUnnamed(statements)
  }

  #contradicted(found: string): void {
    // pg goes on to read what had arrived in the same chunk.
    if (!this.broken) this.#refuse(this.#exchanges.shift(), new ProtocolDesyncError(found))
  }

  /** Only this exchange is known to have met what must not be; those behind it lost their connection, and are in doubt. */
  #refuse(exchange: Exchange | undefined, error: ProtocolDesyncError | TransactionStateError): void {
    const alarm = error instanceof ProtocolDesyncError ? 'protocol-desync' : 'transaction-state'
    alarmEvents.publish(() => ({ alarm, detail: error.found }))
    exchange?.fail(error)
    this.destroy(new Error(`The connection was destroyed: ${alarm}.`, { cause: error }))
  }
}
