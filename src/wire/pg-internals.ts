import type { EventEmitter } from 'node:events'
import type { Duplex } from 'node:stream'
import pg from 'pg'
import { ConfigError } from '../errors/config.ts'
import type { PgClient } from '../pool/pg-pool.ts'
import type { Route } from '../telemetry.ts'

/*
 * Everything of pg that leasehold leans on and that its published types leave out. Read in pg 8.23.1:
 * lib/client.js (query, _pulsePipelinedQueryQueue, _handle…), lib/query.js, lib/connection.js, lib/result.js.
 */

/** Parses values of the types that a query returns; `pg.types` has this form. */
export interface TypeParsers {
  getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown
}

/** The byte of ReadyForQuery: idle, in a transaction, in a failed one. */
export type TransactionStatus = 'I' | 'T' | 'E'

/** What RowDescription says of one column. */
export interface FieldDescription {
  readonly name: string
  readonly tableID: number
  readonly columnID: number
  readonly dataTypeID: number
  readonly dataTypeSize: number
  readonly dataTypeModifier: number
  readonly format: 'text' | 'binary'
}

/** The result of one statement, as pg hands it out. */
export interface QueryResult<Row = Record<string, unknown>> {
  readonly command: string | null
  readonly rowCount: number | null
  readonly oid: number | null
  readonly rows: Row[]
  readonly fields: readonly FieldDescription[]
  /** Where it comes from and why, if there are replicas; not of a statement in a transaction. */
  readonly route?: Route | undefined
}

/** pg's result while its reply is being read. */
export interface ResultBuilder extends Omit<QueryResult<unknown>, 'fields'> {
  fields: readonly FieldDescription[]
  /** A parser for each column, and the row that is copied for each: both are made by `addFields`. */
  _parsers: readonly ((value: string) => unknown)[] | undefined
  _prebuiltEmptyResultObject: object | null
  addFields(fields: readonly FieldDescription[]): void
  parseRow(cells: readonly (string | null)[]): unknown
  addRow(row: unknown): void
  addCommandComplete(message: { text: string }): void
}

/** pg's socket and event source under a client. Events: readyForQuery, error, end, copyInResponse, …. */
export interface PgConnection extends EventEmitter {
  readonly stream: Duplex
}

/** What pg's `Client.query` takes over and drives. Its class must come from the client's own copy of pg. */
export interface Submittable {
  submit(connection: PgConnection): Error | null
  callback?: ((error: Error | null) => void) | undefined
}

/** pg's `Query` class, which pipelining clients accept no substitute for. */
export interface QueryClass {
  readonly prototype: object
}

/** A pooled client of pg's JavaScript driver. */
export interface WireClient extends PgClient {
  readonly connection: PgConnection
  readonly constructor: { readonly Query: QueryClass }
  /** Whether queries are sent without waiting for earlier ones to be answered. */
  pipeline: boolean
  readonly binary: boolean
  /** Of the backend, or what a pooler names in its place. */
  readonly processID: number
  /** Proves to the server that a cancel request comes from this session. */
  readonly secretKey: number
  readonly host: string
  readonly port: number
  /** Whether everything that was sent has been answered. */
  readonly readyForQuery?: boolean
  /** `drain` is emitted when the last query has been answered. */
  on(event: 'error' | 'drain', listener: (error: Error) => void): unknown
  removeListener(event: 'error' | 'drain', listener: (error: Error) => void): unknown
  getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown
  query(query: Submittable): unknown
}

interface Internals {
  readonly utils: { prepareValue(value: unknown): string | Buffer | null }
  readonly Result: new (rowMode: 'array' | undefined, types: TypeParsers) => ResultBuilder
}

const internals = pg as unknown as Internals

/** Converts a value as pg does for a bind parameter. Throws what the value's own `toPostgres` or `toJSON` throws. */
export const prepareValue: (value: unknown) => string | Buffer | null = internals.utils.prepareValue
/** pg's own reader of rows, so that types and row modes are exactly those of pg. */
export const Result: Internals['Result'] = internals.Result

/**
 * Takes a pooled client for what the wire code needs.
 *
 * @throws {ConfigError} for pg-native, whose clients speak no protocol to us, and for a pg too old to pipeline
 */
export function asWireClient(client: PgClient): WireClient {
  const isPipelined = 'pipeline' in client && typeof client.pipeline === 'boolean'
  if (!('connection' in client) || !isPipelined || !('Query' in client.constructor)) {
    throw new ConfigError(
      'The pool makes clients that leasehold cannot drive. Use a pg.Pool of pg 8.23.1 or later, with its ' +
        'JavaScript driver rather than pg-native.',
    )
  }
  return client as WireClient
}
