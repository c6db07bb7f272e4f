import { quoteName } from '../../sql/quote.ts'
import type { ProbeClient } from '../probe-options.ts'
import { ProbeTransaction, SAVE } from './probe-transaction.ts'

/** How the transactions of a probe are. */
export interface SessionOptions {
  /** The role to take in each transaction, where the session has not logged in as it. */
  readonly role: string | undefined
  readonly statementTimeoutMs: number
  readonly lockTimeoutMs: number
}

/** The application's session: nothing that is done in it stays. */
export class ProbeSession {
  readonly #client: ProbeClient
  readonly #settings: string

  constructor(client: ProbeClient, { role, statementTimeoutMs, lockTimeoutMs }: SessionOptions) {
    this.#client = client
    this.#settings = [
      `set local statement_timeout = ${Math.ceil(statementTimeoutMs)}`,
      `set local lock_timeout = ${Math.ceil(lockTimeoutMs)}`,
      // With `off` a statement that a policy would filter fails.
      'set local row_security = on',
      ...(role === undefined ? [] : [`set local role ${quoteName(role)}`]),
    ].join('; ')
  }

  /** Works in a transaction that sees one state of the database and can change nothing. */
  reading<T>(work: (transaction: ProbeTransaction) => Promise<T>): Promise<T> {
    return this.#transaction('isolation level repeatable read read only', work)
  }

  /** Works in a transaction whose changes are rolled back. */
  writing<T>(work: (transaction: ProbeTransaction) => Promise<T>): Promise<T> {
    // A deferred constraint would not be checked before the rollback.
    return this.#transaction('isolation level read committed read write; set constraints all immediate', work)
  }

  async #transaction<T>(mode: string, work: (transaction: ProbeTransaction) => Promise<T>): Promise<T> {
    try {
      await this.#client.query(`begin ${mode}; ${this.#settings}; ${SAVE}`)
      return await work(new ProbeTransaction(this.#client))
    } finally {
      // Where the connection is gone, the first error says so, and the server has rolled back by itself.
      await this.#client.query('rollback').catch(() => {})
    }
  }

  /** Gives back what a rollback does not: advisory locks that a function or a trigger took for the session. */
  async tidy(): Promise<void> {
    await this.#client.query('select pg_catalog.pg_advisory_unlock_all()')
  }
}
