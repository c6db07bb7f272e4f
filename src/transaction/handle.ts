import { ClosedError } from '../errors/outcome.ts'
import { admitBatch, admitStatement, type CallerStatements } from '../wire/caller-statements.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import type { StatementInput } from '../wire/statement.ts'
import type { Transaction } from './transaction.ts'

/** What the callback of `withTenant` works with. Every method throws {@link ClosedError} once the callback has settled. */
export interface TenantTransaction {
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

/** The revocable end of a transaction. What it is bound to cannot be reached through it. */
export class TransactionHandle implements TenantTransaction {
  readonly #transaction: Transaction
  #running = 0
  #revoked = false

  constructor(transaction: Transaction) {
    this.#transaction = transaction
  }

  query<Row = Record<string, unknown>>(
    statement: string | StatementInput,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    const first = ([result]: readonly QueryResult<unknown>[]) => result as QueryResult<Row>
    return reported(this.#run(() => admitStatement(statement, values)).then(first))
  }

  batch(statements: readonly (string | StatementInput)[]): Promise<readonly QueryResult[]> {
    return reported(this.#run(() => admitBatch(statements)) as Promise<readonly QueryResult[]>)
  }

  /** Makes every further call throw. Returns how many queries are still running. */
  revoke(): number {
    this.#revoked = true
    return this.#running
  }

  async #run(admit: () => CallerStatements): Promise<readonly QueryResult<unknown>[]> {
    if (this.#revoked) {
      throw new ClosedError(
        'The transaction handle was used after the callback of withTenant had settled; nothing was sent. ' +
          'Await every query of `tx` inside the callback, and do not keep `tx`.',
      )
    }
    const { statements } = admit()
    this.#running += 1
    try {
      return await this.#transaction.run(statements)
    } finally {
      this.#running -= 1
    }
  }
}

/** withTenant reports what goes wrong in a query that nobody awaits; it must not first end the process as unhandled. */
function reported<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => {})
  return answer
}
