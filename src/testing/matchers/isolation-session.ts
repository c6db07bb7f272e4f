import { isServerError } from '../../errors/server-error.ts'
import type { IsolationClient, IsolationSubject } from './isolation-subject.ts'

/** In whose place a statement runs: as the first or the second tenant, or with the settings empty. */
export type Side = 0 | 1 | 'empty'

/** What became of a statement whose effect is taken back. */
export type Attempt =
  | { readonly outcome: 'done'; readonly rows: number; readonly reply: readonly unknown[] }
  /** By a privilege, a policy, a trigger, or because it cannot be. */
  | { readonly outcome: 'refused' }
  /** By a constraint, which PostgreSQL looks at once the policies have let the row pass. */
  | { readonly outcome: 'stopped by a constraint' }

const CONSTRAINT = /^23/
/** Syntax and access, data, what a trigger raises, a view's own check, and what a relation cannot do. */
const REFUSAL = /^(?:42|22|P0|44|0A|55000|428C9)/

/** A transaction in which the statements of a test run, each on its own, and that is never committed. */
export class IsolationSession {
  readonly #client: IsolationClient
  readonly #subject: IsolationSubject

  private constructor(client: IsolationClient, subject: IsolationSubject) {
    this.#client = client
    this.#subject = subject
  }

  /** Runs work in a transaction and rolls it back. Waits for nobody else's locks for long. */
  static async run<T>(
    client: IsolationClient,
    subject: IsolationSubject,
    work: (session: IsolationSession) => Promise<T>,
  ): Promise<T> {
    await client.query("begin; set local lock_timeout = '5s'; set local statement_timeout = '20s'")
    try {
      return await work(new IsolationSession(client, subject))
    } finally {
      await client.query('rollback')
    }
  }

  /** Sets what policies read, until {@link attempt} takes it back. */
  async become(side: Side): Promise<void> {
    const { tenants, tenantSetting, settings } = this.#subject
    // Those that are not the tenant's stay as they are, so that what is seen is seen for want of a tenant alone.
    const values = [...settings, [tenantSetting, side === 'empty' ? '' : tenants[side]] as const]
    for (const [name, value] of values) {
      await this.#client.query('select pg_catalog.set_config($1, $2, true)', [name, value])
    }
  }

  /** Has a look as somebody else, and is who it was again. */
  async as<T>(side: Side, look: () => Promise<T>): Promise<T> {
    await this.#client.query('savepoint look')
    try {
      await this.become(side)
      return await look()
    } finally {
      await this.#client.query('rollback to look')
    }
  }

  /** Sends a statement as it is. */
  async ask(text: string, values?: readonly unknown[]): Promise<readonly unknown[]> {
    return (await this.#client.query(text, values)).rows
  }

  /** Whether a session has been told of the setting that policies read. Once it has, that never is unset again. */
  async isUnset(): Promise<boolean> {
    const [row] = await this.ask('select pg_catalog.current_setting($1, true) is null as unset', [
      this.#subject.tenantSetting,
    ])
    return (row as { unset: boolean }).unset
  }

  /**
   * Tries a statement, has a look at what it did, and takes it back.
   *
   * @param look runs before that, where the statement was done
   * @throws the server's error where it says nothing of the statement: a lock, a lost connection, a server that reads only
   */
  async attempt(text: string, values: readonly unknown[] = [], look?: () => Promise<void>): Promise<Attempt> {
    await this.#client.query('savepoint attempt')
    try {
      const { rows, rowCount } = await this.#client.query(text, values)
      await look?.()
      return { outcome: 'done', rows: rowCount ?? 0, reply: rows }
    } catch (error) {
      if (isServerError(error) && CONSTRAINT.test(error.code)) return { outcome: 'stopped by a constraint' }
      if (isServerError(error) && REFUSAL.test(error.code)) return { outcome: 'refused' }
      throw error
    } finally {
      await this.#client.query('rollback to attempt')
    }
  }
}
