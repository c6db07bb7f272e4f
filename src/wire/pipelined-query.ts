import type { EventEmitter } from 'node:events'
import { isServerError } from '../errors/server-error.ts'
import type { FieldDescription, PgConnection, QueryClass, Submittable } from './pg-internals.ts'
import type { SegmentOrder } from './prepared-statements.ts'
import type { ReplyReader } from './reply-reader.ts'

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

function derive(query: QueryClass): PipelinedQuery {
  return class extends query implements Submittable {
    declare callback?: ((error: Error | null) => void) | undefined
    readonly #run: PipelinedRun

    constructor(run: PipelinedRun) {
      super({ text: '' })
      this.#run = run
    }

    submit(connection: PgConnection): Error | null {
      const { stream } = connection
      // Without this check pg drops the bytes in silence, and the segment would wait for an answer to nothing.
      if (!stream.writable) return new Error('The connection is closed.')
      this.#run.sending()
      stream.cork()
      // Uncorked after the tick, so segments that are issued together leave in one flush.
      process.nextTick(() => stream.uncork())
      write(connection, this.#run.order, this.#run.binary)
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
}

/** Always the extended protocol: the simple one would run several statements out of one text. */
function write(connection: PgConnection, order: SegmentOrder, binary: boolean): void {
  for (const name of order.closeBefore) connection.close({ type: 'S', name })
  for (const { statement, name, parse } of order.statements) {
    const { values, describe } = statement
    if (parse !== undefined) connection.parse({ name, text: parse })
    // Our own statements are read as text, whatever format the client asks for.
    connection.bind({ statement: name, values, binary: binary && describe })
    if (describe) connection.describe({ type: 'P' })
    connection.execute({})
    if (statement.flush) connection.flush()
  }
  for (const name of order.closeAfter) connection.close({ type: 'S', name })
  connection.sync()
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
