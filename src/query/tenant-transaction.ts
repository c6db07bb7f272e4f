import {
  DefaultQueryExecutor,
  type DrainOuterGeneric,
  type Kysely,
  type KyselyPlugin,
  type QueryExecutor,
  Transaction,
  WithSchemaPlugin,
} from 'kysely'
import { UnsupportedError } from '../errors/unsupported.ts'
import type {
  AfterCommitHook,
  TransactionCallback,
  TransactionControl,
} from '../transaction/tenant-transaction.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import type { StatementInput } from '../wire/statement.ts'
import type { BatchQueries, BatchQuery, BatchRows } from './batch-queries.ts'
import { type KyselyParts, kyselyProps } from './kysely-parts.ts'
import type { ReadQueries } from './read-queries.ts'
import { type BatchInput, runBatch } from './run-batch.ts'
import type { TransactionRunner } from './statement-runner.ts'
import type { TenantReader } from './tenant-reader.ts'
import { TransactionConnection } from './transaction-connection.ts'

/**
 * What the callback of `withTenant` works with: a `Transaction` of Kysely that also takes texts. Once the callback has
 * settled, everything on it and every query that was built from it throws {@link ClosedError}.
 *
 * Await every query. What a builder's `execute()` gives is a promise of Kysely's: where it rejects and nobody awaits it,
 * Node takes it for an unhandled rejection, whatever `withTenant` reports.
 */
export class TenantTransaction<DB = unknown>
  extends Transaction<DB>
  implements TenantReader<DB>, TransactionControl<TenantTransaction<DB>>
{
  declare readonly with: Kysely<DB>['with'] & ReadQueries<DB>['with']
  declare readonly withRecursive: Kysely<DB>['withRecursive'] & ReadQueries<DB>['withRecursive']
  readonly #parts: KyselyParts
  readonly #runner: TransactionRunner

  /** @internal What runs its statements; nothing for what is no `tx`. */
  static runnerOf(tx: unknown): TransactionRunner | undefined {
    return typeof tx === 'object' && tx !== null && #runner in tx ? tx.#runner : undefined
  }

  /** @internal */
  constructor(parts: KyselyParts, runner: TransactionRunner, executor: QueryExecutor) {
    super(kyselyProps(parts, executor))
    this.#parts = parts
    this.#runner = runner
  }

  /**
   * Runs one statement in the transaction: one round trip, or none of its own when it is issued together with others.
   *
   * @throws {ForbiddenStatementError} {@link StatementInvalidError} {@link ClosedError} before any byte is sent
   * @throws the server's error, unwrapped
   */
  query<Row = Record<string, unknown>>(
    statement: string | StatementInput,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    return this.#runner.query<Row>(statement, values)
  }

  /** Runs statements in one round trip; the first that fails skips those behind it. Throws as {@link query} does. */
  batch(statements: readonly (string | StatementInput)[]): Promise<readonly QueryResult[]>
  batch<const Queries extends readonly BatchQuery[]>(
    build: (queries: BatchQueries<DB>) => Queries,
  ): Promise<BatchRows<Queries>>
  batch(input: BatchInput<DB>): Promise<unknown> {
    const running = runBatch(this.#parts, this.getExecutor(), this.#runner, input)
    // withTenant reports a batch that nobody awaits; it must not end the process as an unhandled rejection first.
    running.catch(ignore)
    return running
  }

  afterCommit(hook: AfterCommitHook): void {
    this.#runner.afterCommit(hook)
  }

  beforeCommit(hook: TransactionCallback<unknown, TenantTransaction<DB>>): void {
    this.#runner.beforeCommit((runner) => hook(this.#over(runner)))
  }

  savepoint<T>(callback: TransactionCallback<T, TenantTransaction<DB>>): Promise<T> {
    return this.#runner.savepoint((runner) => callback(this.#over(runner)))
  }

  /** @deprecated throws {@link UnsupportedError} */
  override transaction(): never {
    throw new UnsupportedError(
      'transaction() of a transaction',
      'Work on this transaction itself, or call withTenant() of the database object, which joins it.',
    )
  }

  /** @deprecated throws {@link UnsupportedError} */
  override startTransaction(): never {
    throw new UnsupportedError('startTransaction() of a transaction', 'Work on this transaction itself.')
  }

  /** @deprecated throws {@link UnsupportedError} */
  override connection(): never {
    throw new UnsupportedError(
      'connection() of a transaction',
      'All its queries have one connection anyway: work on this transaction itself.',
    )
  }

  /** @deprecated throws {@link UnsupportedError} */
  override destroy(): never {
    throw destroyUnsupported()
  }

  /** @deprecated throws {@link UnsupportedError} */
  override [Symbol.asyncDispose](): never {
    throw destroyUnsupported()
  }

  override withSchema(schema: string): TenantTransaction<DB> {
    return this.#with(this.getExecutor().withPluginAtFront(new WithSchemaPlugin(schema)))
  }

  override withPlugin(plugin: KyselyPlugin): TenantTransaction<DB> {
    return this.#with(this.getExecutor().withPlugin(plugin))
  }

  override withoutPlugins(): TenantTransaction<DB> {
    return this.#with(this.getExecutor().withoutPlugins())
  }

  /** @deprecated use {@link $extendTables} */
  override withTables<Tables extends Record<string, object>>(): TenantTransaction<
    DrainOuterGeneric<DB & Tables>
  > {
    return this.#with(this.getExecutor())
  }

  override $extendTables<Tables extends Record<string, object>>(): TenantTransaction<
    DrainOuterGeneric<DB & Tables>
  > {
    return this.#with(this.getExecutor())
  }

  // Of the signatures below the second is Transaction's own: that the first is one of it is more than TypeScript can prove.
  override $omitTables<Table extends keyof DB>(): TenantTransaction<DB extends object ? Omit<DB, Table> : DB>
  override $omitTables<Table extends keyof DB>(): Transaction<DB extends object ? Omit<DB, Table> : DB>
  override $omitTables(): unknown {
    return this.#with(this.getExecutor())
  }

  override $pickTables<Table extends keyof DB>(): TenantTransaction<DB extends object ? Pick<DB, Table> : DB>
  override $pickTables<Table extends keyof DB>(): Transaction<DB extends object ? Pick<DB, Table> : DB>
  override $pickTables(): unknown {
    return this.#with(this.getExecutor())
  }

  /** The same, with the same plugins, over another handle of the transaction. */
  #over(runner: TransactionRunner): TenantTransaction<DB> {
    return createTenantTransaction(this.#parts, runner, this.getExecutor().plugins)
  }

  #with<Tables>(executor: QueryExecutor): TenantTransaction<Tables> {
    return new TenantTransaction(this.#parts, this.#runner, executor)
  }
}

function destroyUnsupported(): UnsupportedError {
  return new UnsupportedError(
    'destroy() of a transaction',
    'It ends when the callback of withTenant settles.',
  )
}

function ignore(): void {}

/**
 * Makes the `tx` of a transaction.
 *
 * @param plugins those of the handle that it was opened from
 */
export function createTenantTransaction<DB>(
  parts: KyselyParts,
  runner: TransactionRunner,
  plugins: readonly KyselyPlugin[] = parts.plugins,
): TenantTransaction<DB> {
  const connection = new TransactionConnection(runner, parts.log)
  const executor = new DefaultQueryExecutor(parts.compiler, parts.adapter, connection, [...plugins])
  return new TenantTransaction(parts, runner, executor)
}
