import type { SessionBaseline } from '../context/session-baseline.ts'
import { ConnectionLostError } from '../errors/connection.ts'
import { ExchangeFailure } from '../errors/exchange-failure.ts'
import { ProtocolDesyncError } from '../errors/protocol.ts'
import type { PgClient } from '../pool/pg-pool.ts'
import { alarmEvents } from '../telemetry.ts'
import type { Deadline } from './deadline.ts'
import { asWireClient, type TransactionStatus, type WireClient } from './pg-internals.ts'
import { listen, pipelinedQueryClass } from './pipelined-query.ts'
import { type Reply, ReplyReader, type Segment } from './reply-reader.ts'

interface Run {
  /** What the server said before the connection was lost, such as that it is shutting down. */
  serverError(): unknown
  ready(status: TransactionStatus): void
  fail(cause: unknown): void
}

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
  /** What the session looked like at connect; unknown until the first use. */
  baseline: SessionBaseline | undefined
  readonly #client: WireClient
  readonly #runs: Run[] = []
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
      ready: (status) => this.#runs.shift()?.ready(status as TransactionStatus),
      copy: () => this.#runs.length > 0 && this.#desync('COPY data'),
      lost: (cause) => this.destroy(this.#runs[0]?.serverError() ?? cause),
    })
  }

  /** Whether the connection must not be used again. */
  get broken(): boolean {
    return this.#brokenBy !== undefined
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
  exchange(segment: Segment, deadline: Deadline): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const { Query } = this.#client.constructor
      if (this.broken || !Query) {
        reject(new ExchangeFailure(this.#brokenBy ?? new ConnectionLostError(undefined), false))
        return
      }
      const reader = new ReplyReader(segment, this.#client)
      let sent = false
      const timer = setTimeout(() => this.destroy(deadline.error('a statement')), deadline.remainingMs())
      const settle = () => {
        clearTimeout(timer)
        // Where the client has a query_timeout, pg's timer is cleared by its callback.
        query.callback?.(null)
      }
      const run: Run = {
        serverError: () => reader.error,
        ready: (status) => {
          const reply = reader.ready(status)
          if (typeof reply === 'string') {
            this.#runs.unshift(run)
            this.#desync(reply)
            return
          }
          settle()
          resolve(reply)
        },
        fail: (cause) => {
          settle()
          reject(new ExchangeFailure(cause, sent))
        },
      }
      const query = new (pipelinedQueryClass(Query))({
        statements: segment.statements,
        binary: this.#client.binary,
        reader,
        sending: () => {
          sent = true
        },
        contradicted: (found) => this.#desync(found),
        failed: (cause) => this.destroy(cause),
      })
      this.#runs.push(run)
      this.#client.query(query)
    })
  }

  /**
   * Ends the connection at once and fails every segment on it. Not `client.end()`: with queries in flight that waits
   * for their answers, which a black hole never gives.
   */
  destroy(cause: unknown): void {
    if (this.broken) return
    this.#brokenBy = cause ?? new Error('The connection was destroyed.')
    this.#client.connection.stream.destroy()
    for (const run of this.#runs.splice(0)) run.fail(this.#brokenBy)
  }

  #desync(found: string): void {
    // pg goes on to read what had arrived in the same chunk.
    if (this.broken) return
    alarmEvents.publish(() => ({ alarm: 'protocol-desync', detail: found }))
    const error = new ProtocolDesyncError(found)
    // Only the head is known to have met a foreign reply; those behind it lost their connection, and are in doubt.
    this.#runs.shift()?.fail(error)
    this.destroy(
      new Error('The connection was destroyed after a reply that was not its own.', { cause: error }),
    )
  }
}
