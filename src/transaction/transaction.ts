import type { TenantContext } from '../context/context-statement.ts'
import { ClosedError, TransactionAbortedError } from '../errors/outcome.ts'
import type { Deadline } from '../wire/deadline.ts'
import { IDLE, IN_TRANSACTION, OPENED } from '../wire/expected-state.ts'
import { outcomeOfRead, outcomeOfWrite } from '../wire/failure.ts'
import { LeasedConnection } from '../wire/leased-connection.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import { refusePoison } from '../wire/poison.ts'
import type { Reply } from '../wire/reply-reader.ts'
import { contextStatement, ownStatement, type WireStatement } from '../wire/statement.ts'
import type { TenantSource } from '../wire/tenant-source.ts'
import { type BeginOptions, beginStatement } from './begin.ts'

/**
 * One transaction of one tenant on one connection. It is lazy: BEGIN and the tenant context leave together with the
 * first statement, so n statements cost n + 1 round trips, and a callback without a query takes no connection.
 */
export class Transaction {
  readonly context: TenantContext
  readonly begin: BeginOptions
  readonly deadline: Deadline
  readonly #source: TenantSource
  readonly #beginText: string
  #connection: LeasedConnection | undefined
  /** Settles when the server has answered for BEGIN and context: only then may a further statement leave. */
  #opening: Promise<void> | undefined
  #failure: unknown
  #rollbackOnly: { readonly cause: unknown } | undefined
  #ended = false
  #statements = 0

  /** @throws {ConfigError} */
  constructor(source: TenantSource, context: TenantContext, begin: BeginOptions, deadline: Deadline) {
    this.#source = source
    this.context = context
    this.begin = begin
    this.deadline = deadline
    this.#beginText = beginStatement(begin)
  }

  /** Whether commit or rollback has begun. */
  get ended(): boolean {
    return this.#ended
  }

  /** Statements of the caller that were sent. */
  get statements(): number {
    return this.#statements
  }

  /** Whether the server was reached at all. */
  get opened(): boolean {
    return this.#opening !== undefined
  }

  /**
   * Sends statements in one segment; the first call opens the transaction.
   *
   * @throws {ClosedError} the transaction has ended; nothing is sent
   */
  async run(statements: readonly WireStatement[]): Promise<readonly QueryResult<unknown>[]> {
    this.#refuseIfEnded()
    if (!this.#opening) {
      const opened = this.#open(statements)
      this.#opening = opened.then(() => undefined)
      // Whoever waits for it sees it fail; where nobody does, `opened` below still tells the caller.
      this.#opening.catch(ignore)
      return this.#take(await opened, 2)
    }
    await this.#opening
    this.#refuseIfEnded()
    this.#statements += statements.length
    return this.#take(await this.#exchange(statements), 0)
  }

  /** From now on the transaction can only be rolled back. */
  forbidCommit(cause: unknown): void {
    this.#rollbackOnly ??= { cause }
  }

  /**
   * @throws {TransactionAbortedError} PostgreSQL rolled back instead, or an inner call had failed
   * @throws {CommitUnknownError} the answer was lost
   */
  async commit(): Promise<void> {
    this.#ended = true
    if (!this.#opening) return
    try {
      await this.#opening
    } catch (cause) {
      throw new TransactionAbortedError(cause)
    }
    if (this.#rollbackOnly) {
      await this.rollback()
      throw new TransactionAbortedError(this.#rollbackOnly.cause)
    }
    const connection = this.#connection
    try {
      const reply = await connection?.exchange(
        { statements: [ownStatement('commit')], leaves: IDLE },
        this.deadline,
      )
      if (!reply) return
      if (reply.error) throw reply.error
      // PostgreSQL answers COMMIT of a failed transaction with the tag ROLLBACK and no error.
      if (reply.results[0]?.command !== 'COMMIT') throw new TransactionAbortedError(this.#failure)
    } catch (failure) {
      throw this.context.readOnly ? outcomeOfRead(failure) : outcomeOfWrite(failure)
    } finally {
      connection?.release()
    }
  }

  /** Never throws: where ROLLBACK gets no answer the connection is destroyed, which ends the transaction too. */
  async rollback(): Promise<void> {
    this.#ended = true
    await this.#opening?.catch(ignore)
    const connection = this.#connection
    await connection?.rollBack(this.deadline)
    connection?.release()
  }

  /** Destroys the connection, whatever runs on it. */
  abandon(cause: unknown): void {
    this.#ended = true
    this.#connection?.destroy(cause)
  }

  async #open(statements: readonly WireStatement[]): Promise<Reply> {
    const connection = await LeasedConnection.open(this.#source, this.context.tenant, this.deadline)
    if (this.#ended) connection.release()
    this.#refuseIfEnded()
    const timeoutMs = this.deadline.statementTimeoutMs()
    const context = this.#source.context.compose(this.context, connection.baseline, timeoutMs)
    const segment = {
      statements: [ownStatement(this.#beginText), contextStatement(context), ...statements],
      context: { index: 1, expected: context.expected },
      leaves: OPENED,
    }
    this.#statements += statements.length
    this.#connection = connection
    try {
      const reply = await connection.exchange(segment, this.deadline)
      const poisoned = await refusePoison(connection, segment, reply, this.deadline)
      if (poisoned) throw poisoned
      // Without its BEGIN, or without its context, there is no transaction for the caller's statements to be in.
      if (reply.error && reply.failedAt <= segment.context.index) throw reply.error
      return reply
    } catch (failure) {
      this.#connection = undefined
      connection.destroy(failure)
      throw outcomeOfRead(failure)
    }
  }

  async #exchange(statements: readonly WireStatement[]): Promise<Reply> {
    try {
      if (!this.#connection) throw closed()
      return await this.#connection.exchange({ statements, leaves: IN_TRANSACTION }, this.deadline)
    } catch (failure) {
      throw outcomeOfRead(failure)
    }
  }

  /** @param own how many of the replies answer statements of the library's own */
  #take(reply: Reply, own: number): readonly QueryResult<unknown>[] {
    if (reply.error) {
      this.#failure ??= reply.error
      throw reply.error
    }
    if (reply.parseFailure !== undefined) throw reply.parseFailure
    return reply.results.slice(own)
  }

  #refuseIfEnded(): void {
    if (this.#ended) throw closed()
  }
}

function closed(): ClosedError {
  return new ClosedError(
    'The transaction has ended; nothing was sent. Use `tx` only until the callback of withTenant settles.',
  )
}

function ignore(): void {}
