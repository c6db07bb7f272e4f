import { ClosedError, NestingError } from '../errors/outcome.ts'
import { admitBatch, admitStatement, type CallerStatements } from '../wire/caller-statements.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import type { StatementInput } from '../wire/statement.ts'
import type { JoinableTransaction } from './participant.ts'
import type { Savepoint } from './savepoints.ts'
import type { AfterCommitHook, TenantCallback, TenantTransaction } from './tenant-transaction.ts'
import type { Transaction } from './transaction.ts'

/** Runs a callback in a savepoint of the place where a handle works. */
export type SavepointRunner = <T>(callback: TenantCallback<T>) => Promise<T>

/** The revocable end of a transaction. What it is bound to is reached through it by this package alone. */
export class TransactionHandle implements TenantTransaction {
  readonly #transaction: Transaction
  /** The savepoint that the handle works in. */
  readonly #within: Savepoint | undefined
  readonly #runSavepoint: SavepointRunner
  #running = 0
  #revoked = false

  /**
   * The transaction that a handle is bound to.
   *
   * @returns nothing for what is none of these
   * @throws {ClosedError} the handle is over
   */
  static transactionOf(handle: unknown): JoinableTransaction | undefined {
    if (typeof handle !== 'object' || handle === null || !(#transaction in handle)) return undefined
    handle.#refuseIfRevoked()
    return handle.#transaction
  }

  constructor(transaction: Transaction, within: Savepoint | undefined, runSavepoint: SavepointRunner) {
    this.#transaction = transaction
    this.#within = within
    this.#runSavepoint = runSavepoint
  }

  query<Row = Record<string, unknown>>(
    statement: string | StatementInput,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    const first = ([result]: readonly QueryResult<unknown>[]) => result as QueryResult<Row>
    return this.#reported(() => this.#run(admitStatement(statement, values)).then(first))
  }

  batch(statements: readonly (string | StatementInput)[]): Promise<readonly QueryResult[]> {
    return this.#reported(() => this.#run(admitBatch(statements)) as Promise<readonly QueryResult[]>)
  }

  savepoint<T>(callback: TenantCallback<T>): Promise<T> {
    return this.#reported(() => this.#runSavepoint(callback))
  }

  afterCommit(hook: AfterCommitHook): void {
    this.#refuseIfRevoked()
    this.#refuseBesideSavepoint()
    this.#transaction.hooks.addAfter(hook)
  }

  beforeCommit(hook: TenantCallback<unknown>): void {
    this.#refuseIfRevoked()
    this.#refuseBesideSavepoint()
    this.#transaction.hooks.addBefore(hook)
  }

  /** Makes every further call throw. Returns how many queries and savepoints are still running. */
  revoke(): number {
    this.#revoked = true
    return this.#running
  }

  #run({ statements }: CallerStatements): Promise<readonly QueryResult<unknown>[]> {
    this.#refuseBesideSavepoint()
    return this.#transaction.run(statements)
  }

  /** withTenant reports what goes wrong in a query that nobody awaits; it must not first end the process as unhandled. */
  #reported<T>(work: () => Promise<T>): Promise<T> {
    const answer = this.#counted(work)
    answer.catch(() => {})
    return answer
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseIfRevoked()
    this.#running += 1
    try {
      return await work()
    } finally {
      this.#running -= 1
    }
  }

  /** What is done around an open savepoint would be undone with it, after it had been acknowledged. */
  #refuseBesideSavepoint(): void {
    if (this.#transaction.savepoints.innermost === this.#within) return
    throw new NestingError(
      'The `tx` around a savepoint was used while the savepoint is open; nothing was sent. Use the `tx` of the ' +
        'savepoint inside it, or await the savepoint first.',
    )
  }

  #refuseIfRevoked(): void {
    if (!this.#revoked) return
    throw new ClosedError(
      'The transaction handle was used after the callback of withTenant had settled; nothing was sent. ' +
        'Await every query of `tx` inside the callback, and do not keep `tx`.',
    )
  }
}
