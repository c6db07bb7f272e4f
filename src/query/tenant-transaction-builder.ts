import { type AccessMode, type IsolationLevel, type QueryExecutor, TransactionBuilder } from 'kysely'
import { ConfigError } from '../errors/config.ts'
import { UnsupportedError } from '../errors/unsupported.ts'
import type { Isolation } from '../transaction/begin.ts'
import { type KyselyParts, kyselyProps } from './kysely-parts.ts'
import type { TenantStatements } from './tenant-statements.ts'
import { createTenantTransaction, type TenantTransaction } from './tenant-transaction.ts'

interface Asked {
  readonly isolation?: Isolation
  readonly mode?: AccessMode
}

/** Opens a transaction from a tenant's handle. Immutable, as Kysely's own. */
export class TenantTransactionBuilder<DB> extends TransactionBuilder<DB> {
  readonly #parts: KyselyParts
  readonly #statements: TenantStatements
  readonly #executor: QueryExecutor
  readonly #asked: Asked

  /** @internal */
  constructor(parts: KyselyParts, statements: TenantStatements, executor: QueryExecutor, asked: Asked = {}) {
    super(kyselyProps(parts, executor))
    this.#parts = parts
    this.#statements = statements
    this.#executor = executor
    this.#asked = asked
  }

  /** @throws {UnsupportedError} for `read write` where the handle is read only */
  override setAccessMode(mode: AccessMode): TenantTransactionBuilder<DB> {
    if (mode !== 'read only' && mode !== 'read write') {
      throw new ConfigError('setAccessMode() takes "read only" or "read write".')
    }
    if (mode === 'read write' && this.#statements.readOnly) {
      throw new UnsupportedError('setAccessMode("read write")', 'Make a handle without readOnly to write.')
    }
    return this.#with({ ...this.#asked, mode })
  }

  /** @throws {UnsupportedError} for `snapshot`, which PostgreSQL calls `repeatable read` */
  override setIsolationLevel(level: IsolationLevel): TenantTransactionBuilder<DB> {
    if (level === 'snapshot') {
      throw new UnsupportedError('setIsolationLevel("snapshot")', 'PostgreSQL calls it "repeatable read".')
    }
    // PostgreSQL takes the name of READ UNCOMMITTED and gives READ COMMITTED; naming what one gets lets it be joined.
    return this.#with({ ...this.#asked, isolation: level === 'read uncommitted' ? 'read committed' : level })
  }

  /**
   * Runs the callback in the transaction: commits when it returns, rolls back when it throws.
   *
   * @throws whatever the callback throws, and what `withTenant` throws
   */
  override execute<T>(callback: (tx: TenantTransaction<DB>) => Promise<T>): Promise<T> {
    const { isolation, mode } = this.#asked
    const readOnly = this.#statements.readOnly || mode === 'read only'
    return this.#statements.transaction({ isolation, readOnly }, (runner) =>
      callback(createTenantTransaction(this.#parts, runner, this.#executor.plugins)),
    )
  }

  #with(asked: Asked): TenantTransactionBuilder<DB> {
    return new TenantTransactionBuilder(this.#parts, this.#statements, this.#executor, asked)
  }
}
