import { Kysely, type QueryExecutor } from 'kysely'
import { StatementInvalidError } from '../errors/statement.ts'
import type { StatementInput } from '../wire/statement.ts'
import { BatchEntry } from './batch-entry.ts'
import { BatchExecutor } from './batch-executor.ts'
import type { BatchQueries } from './batch-queries.ts'
import { type KyselyParts, kyselyProps } from './kysely-parts.ts'
import { logQueries } from './query-log.ts'
import type { StatementRunner } from './statement-runner.ts'

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
  runner: StatementRunner,
  input: BatchInput<DB>,
): Promise<readonly unknown[]> {
  if (typeof input !== 'function') return runner.batch(input)
  const builder = new Kysely<DB>(kyselyProps(parts, new BatchExecutor(parts, executor.plugins)))
  // Kysely's `with` takes a reading expression too, only its types do not say so.
  const queries = input(builder as Kysely<DB> & BatchQueries<DB>)
  if (!Array.isArray(queries)) {
    throw new StatementInvalidError('The callback of batch() must return an array of queries.')
  }
  const entries = queries.map((query) => new BatchEntry(query, builder))
  const send = () => runner.batch(entries.map((entry) => entry.statement))
  const compiled = entries.map((entry) => entry.compiled)
  const answers = await (parts.log ? logQueries(parts.log, compiled, send) : send())
  return Promise.all(answers.map((answer, index) => entries[index]?.rows(answer)))
}
