import type { ServerError } from '../errors/server-error.ts'
import type { ExpectedState } from './expected-state.ts'
import {
  type FieldDescription,
  type QueryResult,
  Result,
  type ResultBuilder,
  type TransactionStatus,
  type TypeParsers,
} from './pg-internals.ts'
import { addColumns } from './row-shapes.ts'
import type { WireStatement } from './statement.ts'

/** The statements that go out before one Sync, which PostgreSQL runs as one unit and answers with one ReadyForQuery. */
export interface Segment {
  readonly statements: readonly WireStatement[]
  /** Which statement sets the tenant context, and how its row must begin. */
  readonly context?:
    | { readonly index: number; readonly expected: readonly string[]; readonly reports?: number }
    | undefined
  /** What the segment leaves behind. */
  readonly leaves: ExpectedState
}

/** What the server answered to a {@link Segment}, up to and with its ReadyForQuery. */
export interface Reply {
  /** One result for each statement that completed, in order. */
  readonly results: readonly QueryResult<unknown>[]
  /** The server's error, which made it skip everything behind it up to Sync. */
  readonly error: ServerError | undefined
  /** Index of the statement that failed; the number of statements when the commit at Sync itself failed. */
  readonly failedAt: number
  readonly status: TransactionStatus
  /** What a type parser of the caller threw while rows were read. */
  readonly parseFailure: unknown
  /** The commit is there, but the wait for the synchronous standby that makes it last was cancelled. */
  readonly unreplicated?: true
  /** What the context statement was asked to report besides. */
  readonly reported?: readonly (string | null)[] | undefined
}

/** The function of the server that warns of it. */
const SYNC_REP_WAIT = 'SyncRepWaitForLSN'

/** Stands in the place of the context statement's; its one row has been checked and is of no further use. */
const CONTEXT_RESULT: QueryResult<unknown> = {
  command: 'SELECT',
  rowCount: 1,
  oid: null,
  rows: [],
  fields: [],
}

/**
 * Reads the messages that answer one segment, and holds every row back until the tenant context has been proved.
 *
 * Each method takes one message, in order of arrival, and returns what contradicts the request, if anything does:
 * then the reply belongs to somebody else, and the connection must not be used again.
 */
export class ReplyReader {
  readonly #segment: Segment
  readonly #types: TypeParsers
  readonly #results: QueryResult<unknown>[] = []
  #current: ResultBuilder | undefined
  #proved: boolean
  #error: ServerError | undefined
  #parseFailure: unknown
  #unreplicated = false
  #reported: readonly (string | null)[] | undefined

  /** @param types the client's type parsers, for statements that bring none */
  constructor(segment: Segment, types: TypeParsers) {
    this.#segment = segment
    this.#types = types
    this.#proved = segment.context === undefined
  }

  rowDescription(fields: readonly FieldDescription[]): string | undefined {
    const statement = this.#statement()
    if (!statement?.describe || this.#current) return 'columns that were not asked for'
    const types = statement.types ?? this.#types
    const result = new Result(statement.rowMode, types)
    this.#current = result
    this.#guard(() => addColumns(result, statement.text, fields, types))
    return undefined
  }

  row(cells: readonly (string | null)[]): string | undefined {
    if (this.#results.length === this.#segment.context?.index) return this.#prove(cells)
    if (!this.#proved) return 'a row before the tenant context'
    if (!this.#current) return 'a row without columns'
    const result = this.#current
    this.#guard(() => result.addRow(result.parseRow(cells)))
    return undefined
  }

  /** CommandComplete, with its tag. */
  complete(tag: string): string | undefined {
    return this.#finish(tag)
  }

  /** EmptyQueryResponse, which stands in place of CommandComplete for a text without a statement. */
  empty(): string | undefined {
    return this.#finish(undefined)
  }

  /** ErrorResponse. Only the first counts: the server skips to Sync, and a later one comes from the way there. */
  serverError(error: ServerError): void {
    this.#error ??= error
  }

  /**
   * NoticeResponse, which can come at any time. Only one tells something about a commit.
   *
   * @see https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION
   */
  notice(routine: string | undefined): void {
    if (routine === SYNC_REP_WAIT) this.#unreplicated = true
  }

  /** ReadyForQuery: the reply, or what is missing in it. */
  ready(status: TransactionStatus): Reply | string {
    const completed = this.#results.length
    if (!this.#error && completed !== this.#segment.statements.length) return 'fewer replies than statements'
    return {
      results: this.#results,
      error: this.#error,
      failedAt: completed,
      status,
      parseFailure: this.#parseFailure,
      ...(this.#unreplicated && { unreplicated: true }),
      ...(this.#reported && { reported: this.#reported }),
    }
  }

  /** The server's error, as far as the reply has been read. */
  get error(): ServerError | undefined {
    return this.#error
  }

  /** The results so far. */
  get results(): readonly QueryResult<unknown>[] {
    return this.#results
  }

  /** Keeps what a type parser of the caller throws: it runs in an event of the socket, where it would end the process. */
  #guard(read: () => void): void {
    if (this.#parseFailure !== undefined) return
    try {
      read()
    } catch (failure) {
      this.#parseFailure = failure ?? new Error('a type parser threw nothing')
    }
  }

  #statement(): WireStatement | undefined {
    return this.#segment.statements[this.#results.length]
  }

  #prove(cells: readonly (string | null)[]): string | undefined {
    const { expected = [], reports = 0 } = this.#segment.context ?? {}
    if (this.#proved || expected.some((cell, index) => cells[index] !== cell)) {
      return 'the tenant or the nonce of another request'
    }
    this.#proved = true
    if (reports > 0) this.#reported = cells.slice(-reports)
    return undefined
  }

  #finish(tag: string | undefined): string | undefined {
    const statement = this.#statement()
    if (!statement || this.#error) return 'more replies than statements'
    if (this.#results.length === this.#segment.context?.index && !this.#proved) {
      return 'a tenant context without its row'
    }
    if (this.#results.length === this.#segment.context?.index) {
      this.#results.push(CONTEXT_RESULT)
      return undefined
    }
    const result = this.#current ?? new Result(statement.rowMode, statement.types ?? this.#types)
    if (tag !== undefined) result.addCommandComplete({ text: tag })
    // A copy, because pg's own result object holds on to the client's type parsers, and so to the client.
    const { command, rowCount, oid, rows, fields } = result
    this.#results.push({ command, rowCount, oid, rows, fields })
    this.#current = undefined
    return undefined
  }
}
