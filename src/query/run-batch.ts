import { Kysely, type QueryExecutor } from 'kysely'
import { StatementInvalidError } from '../errors/statement.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import type { BatchOptions } from '../wire/receipt.ts'
import type { StatementInput } from '../wire/statement.ts'
import { BatchEntry } from './batch-entry.ts'
import { BatchExecutor } from './batch-executor.ts'
import type { BatchQueries } from './batch-queries.ts'
import { type KyselyParts, kyselyProps } from './kysely-parts.ts'
import { logQueries } from './query-log.ts'

/** Sends texts, with options where the runner is not a transaction, which has taken its own. */
interface BatchRunner {
  batch(
    statements: readonly (string | StatementInput)[],
    options?: BatchOptions,
  ): Promise<readonly QueryResult[]>
}

/** What `batch` takes: texts, or a callback that builds queries. */
export type BatchInput<DB> =
  | readonly (string | StatementInput)[]
  | ((queries: Kysely<DB> & BatchQueries<DB>) => unknown)

/**
 * Sends several statements in one round trip.
 *
 * @param executor of the handle; its plugins work on what the callback builds
 * @returns for each text the result as pg has it, for each query what executing it alone would give
 * @throws {StatementInvalidError} for a query that was not built from the callback's argument; nothing is sent
 */
export async function runBatch<DB>(
  parts: KyselyParts,
  executor: QueryExecutor,
  runner: BatchRunner,
  input: BatchInput<DB>,
  options?: BatchOptions,
): Promise<readonly unknown[]> {
  if (typeof input !== 'function') return runner.batch(input, options)
  const builder = new Kysely<DB>(kyselyProps(parts, new BatchExecutor(parts, executor.plugins)))
  // Kysely's `with` takes a reading expression too, only its types do not say so.
  const queries = input(builder as Kysely<DB> & BatchQueries<DB>)
  if (!Array.isArray(queries)) {
    throw new StatementInvalidError('The callback of batch() must return an array of queries.')
  }
  const entries = queries.map((query) => new BatchEntry(query, builder))
  const send = () =>
    runner.batch(
      entries.map((entry) => entry.statement),
      options,
    )
  const compiled = entries.map((entry) => entry.compiled)
  const answers = await (parts.log ? logQueries(parts.log, compiled, send) : send())
  return Promise.all(answers.map((answer, index) => entries[index]?.rows(answer)))
}
