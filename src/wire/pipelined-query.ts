import type { EventEmitter } from 'node:events'
import type { Duplex } from 'node:stream'
import { isServerError } from '../errors/server-error.ts'
import type { FieldDescription, PgConnection, QueryClass, Submittable } from './pg-internals.ts'
import type { SegmentOrder } from './prepared-statements.ts'
import type { ReplyReader } from './reply-reader.ts'
import { segmentBytes } from './segment-bytes.ts'

/** One segment on its way: what pg's client calls while it drives the query. */
export interface PipelinedRun {
  readonly order: SegmentOrder
  readonly binary: boolean
  readonly reader: ReplyReader
  /** The first byte is about to be written. */
  sending(): void
  /** The reply contradicts the request. */
  contradicted(found: string): void
  /** pg reports that the connection failed. */
  failed(cause: unknown): void
}

type PipelinedQuery = new (run: PipelinedRun) => Submittable

const classes = new WeakMap<QueryClass, PipelinedQuery>()

/**
 * The class of queries that a client with this `Query` class accepts in pipeline mode.
 *
 * pg refuses every submittable there that is not an instance of its own `Query`, and an application may have two
 * copies of pg, so the class is derived from the client's, once.
 */
export function pipelinedQueryClass(query: QueryClass): PipelinedQuery {
  const known = classes.get(query)
  if (known) return known
  const derived = derive(query)
  classes.set(query, derived)
  return derived
}

/**
 * The prototype is the client's, so that `instanceof` holds; its constructor is not called, for it makes a result, an event
 * source and a copy of the configuration that nothing here would use.
 */
function derive(query: QueryClass): PipelinedQuery {
  class Pipelined implements Submittable {
    callback: ((error: Error | null) => void) | undefined = undefined
    readonly #run: PipelinedRun

    constructor(run: PipelinedRun) {
      this.#run = run
    }

    submit(connection: PgConnection): Error | null {
      const { stream } = connection
      // Without this check pg drops the bytes in silence, and the segment would wait for an answer to nothing.
      if (!stream.writable) return new Error('The connection is closed.')
      this.#run.sending()
      if (stream.writableCorked === 0) {
        stream.cork()
        // After the tick, so that segments which are issued together leave in one flush.
        process.nextTick(uncork, stream)
      }
      stream.write(segmentBytes(this.#run.order, this.#run.binary))
      return null
    }

    handleRowDescription(message: { fields: FieldDescription[] }): void {
      this.#check(this.#run.reader.rowDescription(message.fields))
    }

    handleDataRow(message: { fields: (string | null)[] }): void {
      this.#check(this.#run.reader.row(message.fields))
    }

    handleCommandComplete(message: { text: string }): void {
      this.#check(this.#run.reader.complete(message.text))
    }

    handleEmptyQuery(): void {
      this.#check(this.#run.reader.empty())
    }

    handlePortalSuspended(): void {
      this.#run.contradicted('a suspended portal')
    }

    handleCopyInResponse(): void {
      this.#run.contradicted('a request for COPY data')
    }

    handleCopyData(): void {
      this.#run.contradicted('COPY data')
    }

    handleError(error: Error): void {
      if (isServerError(error)) this.#run.reader.serverError(error)
      else this.#run.failed(error)
    }

    /** Nothing: pg skips this call after an error, so the connection listens for ReadyForQuery itself. */
    handleReadyForQuery(): void {}

    #check(contradiction: string | undefined): void {
      if (contradiction !== undefined) this.#run.contradicted(contradiction)
    }
  }
  Object.setPrototypeOf(Pipelined.prototype, query.prototype)
  return Pipelined
}

function uncork(stream: Duplex): void {
  stream.uncork()
}

/** The events of pg's connection that the wire code listens to. */
export interface ConnectionEvents {
  parsed(): void
  ready(status: string): void
  lost(cause: unknown): void
  copy(): void
  notice(routine: string | undefined): void
}

/** Listens to a connection for as long as it lives. */
export function listen(connection: EventEmitter, events: ConnectionEvents): void {
  connection.on('parseComplete', () => events.parsed())
  connection.on('readyForQuery', (message: { status: string }) => events.ready(message.status))
  connection.on('notice', (message: { routine?: string }) => events.notice(message.routine))
  connection.on('copyOutResponse', () => events.copy())
  connection.on('error', (cause: unknown) => events.lost(cause))
  connection.on('end', () => events.lost(new Error('The connection was closed by the other side.')))
}
