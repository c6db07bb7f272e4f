import type { TransactionControl } from '../transaction/tenant-transaction.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import type { StatementInput } from '../wire/statement.ts'

/** Runs statements of one tenant, in the form of pg: each call by itself, or all of them in one transaction. */
export interface StatementRunner {
  query<Row = Record<string, unknown>>(
    statement: string | StatementInput,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>>
  batch(statements: readonly (string | StatementInput)[]): Promise<readonly QueryResult[]>
}

/** Runs statements in a transaction, and steers it. */
export interface TransactionRunner extends StatementRunner, TransactionControl<TransactionRunner> {}
