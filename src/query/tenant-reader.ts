import type {
  AbortableQueryOptions,
  Compilable,
  DrainOuterGeneric,
  IsolationLevel,
  KyselyPlugin,
  QueryExecutor,
  QueryResult,
} from 'kysely'
import type { ReadonlyCompiledQuery } from 'kysely/readonly'
import type { TransactionControl } from '../transaction/tenant-transaction.ts'
import type { QueryResult as PgResult } from '../wire/pg-internals.ts'
import type { StatementInput } from '../wire/statement.ts'
import type { BatchQuery, BatchRows } from './batch-queries.ts'
import type { ReadQueries } from './read-queries.ts'
import type { StatementRunner } from './statement-runner.ts'

/**
 * What a function takes that reads for a tenant, wherever it is called: a handle, a read-only handle, and the `tx` of a
 * transaction of either kind all are one. It has no method that builds a write. (Kysely's own `ReadonlyKysely` cannot be
 * that type: no `Kysely` can be assigned to it.)
 *
 * A text, through `query`, `batch` or `sql`, is not read for what it does: in a read-only handle or transaction
 * PostgreSQL refuses the write, with SQLSTATE 25006; in another it happens.
 */
export interface TenantReader<DB = unknown> extends StatementRunner, ReadQueries<DB> {
  readonly isTransaction: boolean
  /** For `sql` and for helpers of Kysely, which take whatever has it. */
  getExecutor(): QueryExecutor
  executeQuery<Row>(
    query: ReadonlyCompiledQuery<Row> | (Compilable<Row> & { readonly isSelectQueryBuilder: true }),
    options?: AbortableQueryOptions,
  ): Promise<QueryResult<Row>>
  /** Runs statements in one round trip and one transaction. */
  batch(statements: readonly (string | StatementInput)[]): Promise<readonly PgResult[]>
  /** Runs the queries in one round trip and one transaction, and gives the rows of each. */
  batch<const Queries extends readonly BatchQuery[]>(
    build: (queries: ReadQueries<DB>) => Queries,
  ): Promise<BatchRows<Queries>>
  withSchema(schema: string): TenantReader<DB>
  withPlugin(plugin: KyselyPlugin): TenantReader<DB>
  withoutPlugins(): TenantReader<DB>
  $extendTables<Tables extends Record<string, object>>(): TenantReader<DrainOuterGeneric<DB & Tables>>
}

/** A tenant's handle with `readOnly: true`. */
export interface TenantReadHandle<DB = unknown> extends TenantReader<DB> {
  /** Opens a transaction that reads. */
  transaction(): ReadTransactionBuilder<DB>
  withSchema(schema: string): TenantReadHandle<DB>
  withPlugin(plugin: KyselyPlugin): TenantReadHandle<DB>
  withoutPlugins(): TenantReadHandle<DB>
  $extendTables<Tables extends Record<string, object>>(): TenantReadHandle<DrainOuterGeneric<DB & Tables>>
}

/** What the callback of a transaction with `readOnly: true` works with. */
export interface TenantReadTransaction<DB = unknown>
  extends TenantReader<DB>,
    TransactionControl<TenantReadTransaction<DB>> {
  readonly isTransaction: true
}

/** Opens a transaction that reads. */
export interface ReadTransactionBuilder<DB> {
  setAccessMode(mode: 'read only'): ReadTransactionBuilder<DB>
  setIsolationLevel(level: IsolationLevel): ReadTransactionBuilder<DB>
  execute<T>(callback: (tx: TenantReadTransaction<DB>) => Promise<T>): Promise<T>
}
