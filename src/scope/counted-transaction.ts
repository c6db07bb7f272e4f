import type { AfterCommitHook, TenantCallback, TenantTransaction } from '../transaction/tenant-transaction.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import type { StatementInput } from '../wire/statement.ts'

/** How many statements somebody has asked for, in a transaction and all its retries. */
export interface StatementCount {
  statements: number
}

/** A transaction whose statements are counted, also where it joined another that has others. */
export class CountedTransaction implements TenantTransaction {
  readonly #transaction: TenantTransaction
  readonly #count: StatementCount

  constructor(transaction: TenantTransaction, count: StatementCount) {
    this.#transaction = transaction
    this.#count = count
  }

  query<Row = Record<string, unknown>>(
    statement: string | StatementInput,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    this.#count.statements += 1
    return this.#transaction.query<Row>(statement, values)
  }

  batch(statements: readonly (string | StatementInput)[]): Promise<readonly QueryResult[]> {
    this.#count.statements += statements.length
    return this.#transaction.batch(statements)
  }

  savepoint<T>(callback: TenantCallback<T>): Promise<T> {
    return this.#transaction.savepoint((inner) => callback(this.#over(inner)))
  }

  afterCommit(hook: AfterCommitHook): void {
    this.#transaction.afterCommit(hook)
  }

  beforeCommit(hook: TenantCallback<unknown>): void {
    this.#transaction.beforeCommit((inner) => hook(this.#over(inner)))
  }

  #over(inner: TenantTransaction): TenantTransaction {
    return new CountedTransaction(inner, this.#count)
  }
}
