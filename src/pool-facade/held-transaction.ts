import { UnsupportedError } from '../errors/unsupported.ts'
import { TransactionHandle } from '../transaction/handle.ts'
import type { TenantCallback, TenantTransaction } from '../transaction/tenant-transaction.ts'
import { Transaction } from '../transaction/transaction.ts'
import { aborted } from '../transaction/transaction-end.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import { ownStatement, type StatementInput } from '../wire/statement.ts'
import { HeldSavepoints } from './held-savepoints.ts'

/**
 * A transaction of `withTenant` whose callback is held open, and steered from outside. Its deadline, hooks, checks of COMMIT and
 * revocation are those of `withTenant`.
 */
export class HeldTransaction {
  readonly #transaction: Transaction
  readonly #savepoints: HeldSavepoints
  readonly #end: PromiseWithResolvers<void>
  #done: Promise<void> = Promise.resolve()
  #lost: { readonly cause: unknown } | undefined

  /** @param run calls `withTenant` with the callback @throws what it throws before the callback is called */
  static async open(run: (callback: TenantCallback<void>) => Promise<void>): Promise<HeldTransaction> {
    const opened = Promise.withResolvers<HeldTransaction>()
    const done = run((handle) => {
      const held = new HeldTransaction(handle)
      opened.resolve(held)
      return held.#end.promise
    })
    done.catch(opened.reject)
    const held = await opened.promise
    held.#follow(done)
    return held
  }

  private constructor(handle: TenantTransaction) {
    const transaction = TransactionHandle.transactionOf(handle)
    if (!(transaction instanceof Transaction)) throw new TypeError('Not a handle of withTenant.')
    this.#transaction = transaction
    this.#savepoints = new HeldSavepoints(handle)
    this.#end = Promise.withResolvers<void>()
    // Where the deadline has passed, nobody waits for it any more.
    this.#end.promise.catch(ignore)
  }

  /** Why it has ended although nobody asked for that, as at its deadline. */
  get lost(): { readonly cause: unknown } | undefined {
    return this.#lost
  }

  /** Whether nothing but ROLLBACK is taken. */
  get failed(): boolean {
    return this.#lost !== undefined || this.#transaction.failed
  }

  query(statement: StatementInput): Promise<QueryResult<unknown>> {
    return this.#savepoints.handle.query<unknown>(statement)
  }

  /** Statements of one round trip. */
  batch(statements: readonly StatementInput[]): Promise<readonly QueryResult<unknown>[]> {
    return this.#savepoints.handle.batch(statements)
  }

  async savepoint(name: string): Promise<void> {
    await this.#refuseAborted()
    return this.#savepoints.open(name)
  }

  async release(name: string): Promise<void> {
    await this.#refuseAborted()
    if (!this.#savepoints.has(name)) return this.#sendUnknown('release savepoint', name)
    return this.#savepoints.release(name)
  }

  /** @throws {TransactionAbortedError} it could not be undone */
  async rollBackTo(name: string): Promise<void> {
    if (!this.#savepoints.has(name)) return this.#sendUnknown('rollback to savepoint', name)
    await this.#savepoints.rollBackTo(name)
    if (this.failed) throw aborted(this.#transaction.failure)
  }

  /**
   * @throws {TransactionAbortedError} a statement had failed; everything was rolled back
   * @throws {CommitUnknownError} and what else `withTenant` throws
   */
  async commit(): Promise<void> {
    // Inside a transaction around it, only this tells: the COMMIT that is sent comes later.
    if (this.#transaction.failed) this.#end.reject(aborted(this.#transaction.failure))
    else {
      try {
        await this.#savepoints.releaseAll()
        this.#end.resolve()
      } catch (error) {
        this.#end.reject(error)
      }
    }
    await this.#done
  }

  /** Never throws: where ROLLBACK gets no answer the connection is destroyed, which ends the transaction too. */
  async rollback(): Promise<void> {
    this.#end.reject(new Error('ROLLBACK was sent to a client of asPool().'))
    await this.#done.catch(ignore)
  }

  #follow(done: Promise<void>): void {
    this.#done = done
    done.then(
      () => this.#savepoints.forget(undefined),
      (cause) => {
        this.#lost = { cause }
        this.#savepoints.forget(cause)
        this.#end.reject(cause)
      },
    )
  }

  /** In an aborted transaction the server says itself that it takes nothing: 25P02. */
  async #refuseAborted(): Promise<void> {
    if (!this.#transaction.failed) return
    await this.query({ text: 'select' })
    throw aborted(this.#transaction.failure)
  }

  /** The server knows no savepoint by a name that is not ours: it says so (3B001), and aborts the transaction, as ever. */
  async #sendUnknown(command: string, name: string): Promise<void> {
    if (name.startsWith('leasehold_')) {
      throw new UnsupportedError(
        'A savepoint whose name begins with `leasehold_`',
        'These names are the library’s: choose another, and open it with SAVEPOINT first.',
      )
    }
    await this.#transaction.run([ownStatement(`${command} "${name.replaceAll('"', '""')}"`)])
  }
}

function ignore(): void {}
