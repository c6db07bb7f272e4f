import type { CompiledQuery, Log, QueryResult } from 'kysely'
import { streamFromCursor } from './cursor-stream.ts'
import { EngineConnection } from './engine-connection.ts'
import { logStream } from './query-log.ts'
import type { StatementRunner } from './statement-runner.ts'

/** The connection of a transaction, which can also stream: its cursors end with it. */
export class TransactionConnection extends EngineConnection {
  readonly #runner: StatementRunner
  readonly #log: Log | undefined

  constructor(runner: StatementRunner, log: Log | undefined) {
    super(runner, log)
    this.#runner = runner
    this.#log = log
  }

  override streamQuery<Row>(
    query: CompiledQuery,
    chunkSize: number,
  ): AsyncIterableIterator<QueryResult<Row>> {
    const stream = streamFromCursor<Row>(this.#runner, query, chunkSize)
    return this.#log ? logStream(this.#log, query, stream) : stream
  }
}
