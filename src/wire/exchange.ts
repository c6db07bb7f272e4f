import { ExchangeFailure } from '../errors/exchange-failure.ts'
import { ProtocolDesyncError, TransactionStateError } from '../errors/protocol.ts'
import type { Deadline } from './deadline.ts'
import type { Submittable, TransactionStatus, WireClient } from './pg-internals.ts'
import { type PipelinedRun, pipelinedQueryClass } from './pipelined-query.ts'
import type { PreparedStatements, SegmentOrder } from './prepared-statements.ts'
import { type Reply, ReplyReader, type Segment } from './reply-reader.ts'

const STATES: Readonly<Record<TransactionStatus, string>> = {
  I: 'idle',
  T: 'in a transaction',
  E: 'in a failed transaction',
}

/** What an exchange tells the connection that it is on. */
export interface ExchangeHost {
  /** The reply to the exchange whose turn it is contradicts the request. */
  contradicted(found: string): void
  /** What was met in this exchange must not be. */
  refuse(exchange: Exchange, error: ProtocolDesyncError | TransactionStateError): void
  destroy(cause: unknown): void
}

/** One segment, from the first byte that is sent to the ReadyForQuery that ends its reply. */
export class Exchange implements PipelinedRun {
  readonly order: SegmentOrder
  readonly binary: boolean
  readonly reader: ReplyReader
  readonly #segment: Segment
  readonly #host: ExchangeHost
  readonly #prepared: PreparedStatements | undefined
  readonly #query: Submittable
  readonly #timer: NodeJS.Timeout
  readonly #settlers = Promise.withResolvers<Reply>()
  #sent = false
  /** How many of the statements are past their Parse. */
  #parsed = 0

  constructor(
    host: ExchangeHost,
    client: WireClient,
    segment: Segment,
    order: SegmentOrder,
    prepared: PreparedStatements | undefined,
    deadline: Deadline,
  ) {
    this.order = order
    this.binary = client.binary
    this.reader = new ReplyReader(segment, client)
    this.#segment = segment
    this.#host = host
    this.#prepared = prepared
    this.#query = new (pipelinedQueryClass(client.constructor.Query))(this)
    this.#timer = setTimeout(expire, deadline.remainingMs(), host, deadline)
  }

  /** What pg's client is to drive. */
  get query(): Submittable {
    return this.#query
  }

  /** Rejects with an {@link ExchangeFailure}, or with what was refused. */
  get reply(): Promise<Reply> {
    return this.#settlers.promise
  }

  /** What the server said so far, such as that it is shutting down. */
  get serverError(): unknown {
    return this.reader.error
  }

  sending(): void {
    this.#sent = true
  }

  contradicted(found: string): void {
    this.#host.contradicted(found)
  }

  failed(cause: unknown): void {
    this.#host.destroy(cause)
  }

  /** ParseComplete, of the first statement that still waits for one. */
  parsed(): void {
    const name = this.#nextParsed()
    if (name) this.#prepared?.confirm(name)
  }

  notice(routine: string | undefined): void {
    this.reader.notice(routine)
  }

  /** ReadyForQuery. */
  ready(status: TransactionStatus): void {
    const reply = this.reader.ready(status)
    if (typeof reply === 'string') {
      this.#host.refuse(this, new ProtocolDesyncError(reply))
    } else if (!this.#segment.leaves.allows(reply)) {
      this.#host.refuse(this, new TransactionStateError(this.#segment.leaves.name, STATES[status]))
    } else {
      if (reply.error) this.#prepared?.learnFrom(reply.error, this.order.statements[reply.failedAt])
      this.#settle()
      this.#settlers.resolve(reply)
    }
  }

  fail(cause: unknown): void {
    this.#settle()
    this.#settlers.reject(new ExchangeFailure(cause, this.#sent, this.reader.results))
  }

  #settle(): void {
    clearTimeout(this.#timer)
    for (let name = this.#nextParsed(); name !== undefined; name = this.#nextParsed()) {
      this.#prepared?.forget(name)
    }
    // Where the client has a query_timeout, pg's timer is cleared by its callback.
    this.#query.callback?.(null)
  }

  /** The name of the next statement that was to be parsed; `''` is the unnamed one. */
  #nextParsed(): string | undefined {
    const { statements } = this.order
    while (this.#parsed < statements.length) {
      const ordered = statements[this.#parsed++]
      if (ordered?.parse !== undefined) return ordered.name
    }
    return undefined
  }
}

function expire(host: ExchangeHost, deadline: Deadline): void {
  host.destroy(deadline.error('a statement'))
}
