import {
  DefaultQueryExecutor,
  type DrainOuterGeneric,
  Kysely,
  type KyselyPlugin,
  type QueryExecutor,
  WithSchemaPlugin,
} from 'kysely'
import type { TenantContext } from '../context/context-statement.ts'
import { UnsupportedError } from '../errors/unsupported.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import type { BatchOptions } from '../wire/receipt.ts'
import type { StatementInput } from '../wire/statement.ts'
import type { TenantSource } from '../wire/tenant-source.ts'
import type { BatchQueries, BatchQuery, BatchRows } from './batch-queries.ts'
import { EngineConnection } from './engine-connection.ts'
import { type KyselyParts, kyselyProps } from './kysely-parts.ts'
import type { ReadQueries } from './read-queries.ts'
import { type BatchInput, runBatch } from './run-batch.ts'
import type { TenantReader } from './tenant-reader.ts'
import { type CallRules, TenantStatements } from './tenant-statements.ts'
import { TenantTransactionBuilder } from './tenant-transaction-builder.ts'

/**
 * Work for one tenant without an open transaction, by Kysely's builders or by texts: each call is one round trip, and
 * holds nothing afterwards. A `Kysely` that can be given wherever one is asked for.
 */
export class TenantHandle<DB = unknown> extends Kysely<DB> implements TenantReader<DB> {
  declare readonly with: Kysely<DB>['with'] & ReadQueries<DB>['with']
  declare readonly withRecursive: Kysely<DB>['withRecursive'] & ReadQueries<DB>['withRecursive']
  readonly #parts: KyselyParts
  readonly #statements: TenantStatements

  /** @internal */
  constructor(parts: KyselyParts, statements: TenantStatements, executor: QueryExecutor) {
    super(kyselyProps(parts, executor))
    this.#parts = parts
    this.#statements = statements
  }

  /**
   * Runs one statement, which commits by itself.
   *
   * @throws {ForbiddenStatementError} {@link StatementInvalidError} before any byte is sent
   * @throws {CommitUnknownError} the connection was lost, or the deadline passed, under a call that is not read only
   * @throws the server's error, unwrapped
   */
  query<Row = Record<string, unknown>>(
    statement: string | StatementInput,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    return this.#statements.query<Row>(statement, values)
  }

  /** Runs statements in one round trip and one transaction: all of them commit, or none. Throws as {@link query} does. */
  batch(
    statements: readonly (string | StatementInput)[],
    options?: BatchOptions,
  ): Promise<readonly QueryResult[]>
  batch<const Queries extends readonly BatchQuery[]>(
    build: (queries: BatchQueries<DB>) => Queries,
    options?: BatchOptions,
  ): Promise<BatchRows<Queries>>
  batch(input: BatchInput<DB>, options?: BatchOptions): Promise<unknown> {
    return runBatch(this.#parts, this.getExecutor(), this.#statements, input, options)
  }

  /** Opens a transaction of the tenant: the same as `withTenant`, and inside another transaction of the tenant it joins. */
  override transaction(): TenantTransactionBuilder<DB> {
    return new TenantTransactionBuilder(this.#parts, this.#statements, this.getExecutor())
  }

  /** @deprecated throws {@link UnsupportedError} */
  override startTransaction(): never {
    throw new UnsupportedError(
      'startTransaction()',
      'A transaction that nobody ends would hold its connection for ever: use transaction().execute(callback).',
    )
  }

  /** @deprecated throws {@link UnsupportedError} */
  override connection(): never {
    throw new UnsupportedError(
      'connection()',
      'Behind a pooler a connection is not the same server session from one statement to the next: use ' +
        'transaction().execute(callback), or batch().',
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

  override withSchema(schema: string): TenantHandle<DB> {
    return this.#with(this.getExecutor().withPluginAtFront(new WithSchemaPlugin(schema)))
  }

  override withPlugin(plugin: KyselyPlugin): TenantHandle<DB> {
    return this.#with(this.getExecutor().withPlugin(plugin))
  }

  override withoutPlugins(): TenantHandle<DB> {
    return this.#with(this.getExecutor().withoutPlugins())
  }

  /** @deprecated use {@link $extendTables} */
  override withTables<Tables extends Record<string, object>>(): TenantHandle<DrainOuterGeneric<DB & Tables>> {
    return this.#with(this.getExecutor())
  }

  override $extendTables<Tables extends Record<string, object>>(): TenantHandle<
    DrainOuterGeneric<DB & Tables>
  > {
    return this.#with(this.getExecutor())
  }

  // Of the signatures below the second is Kysely's own: that the first is one of it is more than TypeScript can prove.
  override $omitTables<Table extends keyof DB>(): TenantHandle<DB extends object ? Omit<DB, Table> : DB>
  override $omitTables<Table extends keyof DB>(): Kysely<DB extends object ? Omit<DB, Table> : DB>
  override $omitTables(): unknown {
    return this.#with(this.getExecutor())
  }

  override $pickTables<Table extends keyof DB>(): TenantHandle<DB extends object ? Pick<DB, Table> : DB>
  override $pickTables<Table extends keyof DB>(): Kysely<DB extends object ? Pick<DB, Table> : DB>
  override $pickTables(): unknown {
    return this.#with(this.getExecutor())
  }

  #with<Tables>(executor: QueryExecutor): TenantHandle<Tables> {
    return new TenantHandle(this.#parts, this.#statements, executor)
  }
}

function destroyUnsupported(): UnsupportedError {
  return new UnsupportedError(
    'destroy()',
    'A handle owns nothing, so there is nothing to destroy: close() of the database object ends its pools.',
  )
}

/** Makes the handle of a tenant: three small objects of Kysely, and three of ours. */
export function createTenantHandle<DB>(
  parts: KyselyParts,
  source: TenantSource,
  context: TenantContext,
  rules: CallRules,
): TenantHandle<DB> {
  const statements = new TenantStatements(source, context, rules)
  const connection = new EngineConnection(statements, parts.log)
  const executor = new DefaultQueryExecutor(parts.compiler, parts.adapter, connection, parts.plugins)
  return new TenantHandle(parts, statements, executor)
}
