import type { CompiledQuery, QueryResult as KyselyResult, QueryExecutorProvider, UnknownRow } from 'kysely'
import { StatementInvalidError } from '../errors/statement.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import type { StatementInput } from '../wire/statement.ts'
import { BatchExecutor } from './batch-executor.ts'
import { executedRows } from './executed-rows.ts'
import { toKyselyResult } from './kysely-result.ts'

/** One query of a batch: compiled, and with what turns its answer into what `execute()` would give. */
export class BatchEntry {
  readonly compiled: CompiledQuery
  readonly #executor: BatchExecutor

  /**
   * @param query what the callback of `batch` returned
   * @param builder what the callback was given; `sql` is compiled with it
   * @throws {StatementInvalidError} unless it was built from that
   */
  constructor(query: unknown, builder: QueryExecutorProvider) {
    const compiled = isCompilable(query) ? query.compile(builder) : undefined
    const executor = compiled && BatchExecutor.of(compiled)
    if (!executor) {
      throw new StatementInvalidError(
        'A query of the batch was not built from the argument of its callback, so it is not known how its rows are ' +
          'to be read. Build it as in batch((q) => [q.selectFrom(...)]), or pass texts: batch([text, { text, values }]).',
      )
    }
    this.compiled = compiled
    this.#executor = executor
  }

  get statement(): StatementInput {
    return { text: this.compiled.sql, values: this.compiled.parameters }
  }

  async rows(answer: QueryResult): Promise<readonly unknown[]> {
    const { query, queryId } = this.compiled
    let result: KyselyResult<UnknownRow> = toKyselyResult(answer)
    for (const plugin of this.#executor.plugins) result = await plugin.transformResult({ queryId, result })
    return executedRows(query, result)
  }
}

/** A builder, which ignores the argument, or `sql`, which needs it. */
function isCompilable(query: unknown): query is { compile(provider: QueryExecutorProvider): CompiledQuery } {
  return (
    typeof query === 'object' && query !== null && 'compile' in query && typeof query.compile === 'function'
  )
}
