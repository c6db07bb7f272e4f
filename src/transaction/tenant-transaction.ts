import type { QueryResult } from '../wire/pg-internals.ts'
import type { StatementInput } from '../wire/statement.ts'

/** Work in a transaction, with what it works on. */
export type TransactionCallback<T, Tx> = (tx: Tx) => Promise<T> | T

/** What is run once a transaction has been committed. */
export type AfterCommitHook = () => Promise<unknown> | unknown

/** What a transaction offers beside queries. `Tx` is the form in which the callbacks get their transaction. */
export interface TransactionControl<Tx> {
  /**
   * Runs work once the outermost transaction has been committed and its connection given back: in the order of the calls,
   * each awaited. Never after a rollback, a commit whose outcome is unknown, or a rolled back savepoint around the call,
   * nor for the failed attempts of a retry.
   *
   * What a hook throws cannot undo the commit: the others still run, and then `withTenant` rejects with
   * {@link AfterCommitError}. At the deadline of the call, those that have not settled are no longer awaited.
   *
   * @throws {ClosedError}
   */
  afterCommit(hook: AfterCommitHook): void
  /**
   * Runs work in the transaction, with a `tx` of its own, when the outermost callback has settled and before COMMIT, in
   * the order of the calls. What it throws rolls back.
   *
   * @throws {ClosedError}
   */
  beforeCommit(hook: TransactionCallback<unknown, Tx>): void
  /**
   * Runs work whose failure leaves the rest of the transaction standing: what the callback throws rolls back to here,
   * with the hooks that were registered since, and is rethrown. Costs no round trip unless it fails, and then one.
   * Inside the callback, use the `tx` that it is given.
   *
   * @throws {NestingError} another savepoint of the same `tx` is still open
   * @throws {TransactionAbortedError} an error of a statement was swallowed inside
   * @throws {ClosedError} @throws what the callback throws
   * @see https://www.postgresql.org/docs/current/sql-savepoint.html
   */
  savepoint<T>(callback: TransactionCallback<T, Tx>): Promise<T>
}

/** What the callback of `withTenant` works with. Every method throws {@link ClosedError} once the callback has settled. */
export interface TenantTransaction extends TransactionControl<TenantTransaction> {
  /**
   * Runs one statement in the transaction: one round trip, or none of its own when it is issued together with others.
   *
   * @throws {ForbiddenStatementError} {@link StatementInvalidError} {@link ClosedError} before any byte is sent
   * @throws the server's error, unwrapped
   */
  query<Row = Record<string, unknown>>(
    statement: string | StatementInput,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>>
  /** Runs statements in one round trip; the first that fails skips those behind it. Throws as {@link query} does. */
  batch(statements: readonly (string | StatementInput)[]): Promise<readonly QueryResult[]>
}

/** The caller's work. */
export type TenantCallback<T> = TransactionCallback<T, TenantTransaction>
