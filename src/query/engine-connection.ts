import type { CompiledQuery, ConnectionProvider, DatabaseConnection, Log, QueryResult } from 'kysely'
import { UnsupportedError } from '../errors/unsupported.ts'
import { toKyselyResult } from './kysely-result.ts'
import { logQueries } from './query-log.ts'
import type { StatementRunner } from './statement-runner.ts'

/**
 * What Kysely takes for a connection, and for the provider of one: every query goes to the tenant's engine, which
 * leases a connection for as long as it needs one. So nothing is held here, and queries do not wait for each other.
 */
export class EngineConnection implements DatabaseConnection, ConnectionProvider {
  readonly #runner: StatementRunner
  readonly #log: Log | undefined

  constructor(runner: StatementRunner, log: Log | undefined) {
    this.#runner = runner
    this.#log = log
  }

  provideConnection<T>(consumer: (connection: DatabaseConnection) => Promise<T>): Promise<T> {
    return consumer(this)
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const run = () => this.#runner.query<Row>({ text: query.sql, values: query.parameters })
    return toKyselyResult(await (this.#log ? logQueries(this.#log, [query], run) : run()))
  }

  streamQuery<Row>(_query: CompiledQuery, _chunkSize: number): AsyncIterableIterator<QueryResult<Row>> {
    throw new UnsupportedError(
      'stream() outside a transaction',
      'A stream holds its connection while rows are read: open a transaction for it and stream from `tx`, or page ' +
        'by key with where() and limit().',
    )
  }

  /** Kysely calls it before a query that it is to cancel by one of the two methods below. */
  async collectSessionInfo(): Promise<never> {
    throw cancelUnsupported()
  }

  async cancelQuery(): Promise<never> {
    throw cancelUnsupported()
  }

  async killSession(): Promise<never> {
    throw cancelUnsupported()
  }
}

function cancelUnsupported(): UnsupportedError {
  return new UnsupportedError(
    'inflightQueryAbortStrategy',
    'Behind a pooler the session that Kysely would cancel may run the statement of another tenant by then. Leave ' +
      'the option out, and bound the statement by timeoutMs.',
  )
}
