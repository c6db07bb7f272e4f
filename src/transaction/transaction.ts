import type { TenantContext } from '../context/context-statement.ts'
import { type CommitEvidence, TransactionAbortedError } from '../errors/outcome.ts'
import { isServerError } from '../errors/server-error.ts'
import { Deadline } from '../wire/deadline.ts'
import { outcomeOfRead, outcomeOfWrite } from '../wire/failure.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import { readReceiptError } from '../wire/receipt.ts'
import type { Reply } from '../wire/reply-reader.ts'
import type { ServerPosition } from '../wire/server-position.ts'
import { ownStatement, type WireStatement } from '../wire/statement.ts'
import type { TenantSource } from '../wire/tenant-source.ts'
import type { BeginOptions } from './begin.ts'
import { CommitHooks } from './commit-hooks.ts'
import { OPENING_LENGTH } from './opening.ts'
import type { JoinableTransaction, TransactionParticipant } from './participant.ts'
import type { Savepoint } from './savepoints.ts'
import { Savepoints } from './savepoints.ts'
import { sendCommit } from './send-commit.ts'
import { aborted, closed } from './transaction-end.ts'
import { TransactionSession } from './transaction-session.ts'
import type { TransactionWays } from './transaction-ways.ts'

/** How long ROLLBACK may take once the call has been answered. */
const ROLLBACK_LIMIT_MS = 1_000

/**
 * One transaction of one tenant on one connection. It is lazy: BEGIN and the tenant context leave together with the
 * first statement, so n statements cost n + 1 round trips, and a callback without a query takes no connection.
 */
export class Transaction implements JoinableTransaction {
  readonly context: TenantContext
  readonly begin: BeginOptions
  readonly deadline: Deadline
  readonly hooks: CommitHooks = new CommitHooks()
  readonly savepoints: Savepoints = new Savepoints()
  readonly #session: TransactionSession
  readonly #isRouted: boolean
  /** Settles when the server has answered for BEGIN and context: only then may a further statement leave. */
  #opening: Promise<void> | undefined
  #failure: unknown
  #rollbackOnly: { readonly cause: unknown } | undefined
  #ended = false
  #statements = 0
  #committedAt: ServerPosition | undefined

  /**
   * @param source of its connection, unless the ways find another
   * @throws {ConfigError}
   */
  constructor(
    source: TenantSource,
    context: TenantContext,
    begin: BeginOptions,
    deadline: Deadline,
    ways: TransactionWays = {},
  ) {
    this.#session = new TransactionSession(source, context, begin, deadline, ways)
    this.#isRouted = ways.route !== undefined
    this.context = context
    this.begin = begin
    this.deadline = deadline
  }

  /** Whether commit or rollback has begun. */
  get ended(): boolean {
    return this.#ended
  }

  /** Statements of the caller that were sent. */
  get statements(): number {
    return this.#statements
  }

  /** Where the server stood after COMMIT, once that was answered, and if anybody wants to know. */
  get committedAt(): ServerPosition | undefined {
    return this.#committedAt
  }

  /** The server's first error that no savepoint has undone. */
  get failure(): unknown {
    return this.#failure
  }

  /** Whether nothing but a rollback is left. */
  get failed(): boolean {
    return this.#session.failed || this.#rollbackOnly !== undefined
  }

  /**
   * Sends statements in one segment; the first call opens the transaction.
   *
   * @throws {ClosedError} the transaction has ended; nothing is sent
   */
  async run(statements: readonly WireStatement[]): Promise<readonly QueryResult<unknown>[]> {
    if (this.#ended) throw closed()
    const forSavepoints = this.savepoints.takePending().map((text) => ownStatement(text))
    this.#statements += statements.length
    if (!this.#opening) {
      const own = [...this.#session.trail.opening(), ...forSavepoints]
      const opened = this.#open([...own, ...statements])
      this.#opening = opened.then(() => undefined)
      // Whoever waits for it sees it fail; where nobody does, `opened` below still tells the caller.
      this.#opening.catch(ignore)
      return this.#take(await opened, own.length + OPENING_LENGTH, statements.length)
    }
    await this.#opening
    const reply = await this.#session.exchange([...forSavepoints, ...statements])
    return this.#take(reply, forSavepoints.length, statements.length)
  }

  /** What tells later whether it was committed; asks for it where no statement has brought it along. */
  async evidence(): Promise<CommitEvidence | 'none' | 'hidden'> {
    const { connection, trail } = this.#session
    if (!connection) return 'none'
    if (!connection.mayReadEvidence) return 'hidden'
    trail.requireEvidence()
    if (!trail.evidence) await this.run([])
    return trail.evidence ?? 'none'
  }

  /** Has a participant told of the end, also where the savepoint around the call is rolled back. */
  enlist(participant: TransactionParticipant): void {
    this.hooks.enlist(participant)
  }

  /** Sends the receipt, where the callback has sent nothing that it could have gone out with. */
  async leaveReceipt(): Promise<void> {
    if (this.#session.trail.hasReceipt && !this.#opening) await this.run([])
  }

  /** Undoes what was done since. Never throws: where that fails, the transaction can only be rolled back. */
  async rollBackTo(savepoint: Savepoint, cause: unknown): Promise<void> {
    this.hooks.forgetSince(savepoint.hooks)
    const undo = this.savepoints.undo(savepoint)
    if (!undo || this.#ended || this.#rollbackOnly) return
    try {
      await this.#opening
      const reply = await this.#session.exchange(undo.map((text) => ownStatement(text)))
      if (reply.error) throw reply.error
      this.#failure = savepoint.failure
    } catch {
      this.forbidCommit(cause)
    }
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
    this.#end()
    try {
      await this.#opening
    } catch (cause) {
      throw new TransactionAbortedError(cause)
    }
    if (this.#rollbackOnly) {
      await this.rollback()
      throw aborted(this.#rollbackOnly.cause)
    }
    const connection = this.#session.connection
    if (!connection) return
    const isWatched = this.#session.watch?.closed !== undefined || this.hooks.haveParticipants
    const asksPosition = isWatched && connection.mayReadPosition
    try {
      this.#committedAt = await sendCommit(
        connection,
        { asksPosition, failure: this.#failure },
        this.deadline,
      )
      this.#session.watch?.closed?.(this.#committedAt)
    } catch (failure) {
      if (isServerError(failure)) this.#failure ??= failure
      throw this.context.readOnly
        ? outcomeOfRead(failure)
        : outcomeOfWrite(failure, this.#session.trail.resolver())
    } finally {
      connection.release()
    }
  }

  /** Never throws: where ROLLBACK gets no answer the connection is destroyed, which ends the transaction too. */
  async rollback(): Promise<void> {
    this.#end()
    await this.#opening?.catch(ignore)
    const connection = this.#session.connection
    await connection?.rollBack(this.deadline)
    connection?.release()
  }

  /** Stops the statement that runs, and rolls back. Never throws. */
  async cancel(): Promise<void> {
    this.#end()
    const connection = this.#session.connection
    if (!connection) return
    await connection.cancelRunning()
    await connection.rollBack(new Deadline(ROLLBACK_LIMIT_MS))
    connection.release()
  }

  /** Destroys the connection, whatever runs on it. */
  abandon(cause: unknown): void {
    this.#end()
    this.#session.connection?.destroy(cause)
  }

  #end(): void {
    this.#ended = true
    this.#session.close()
  }

  async #open(statements: readonly WireStatement[]): Promise<Reply> {
    try {
      return await this.#session.open(statements)
    } catch (error) {
      if (this.#isRouted) this.#failure ??= error
      throw error
    }
  }

  /**
   * @param own how many of the replies answer statements of the library's own, which go first
   * @param count how many answer the caller's
   */
  #take(reply: Reply, own: number, count: number): readonly QueryResult<unknown>[] {
    if (reply.error) {
      const error = readReceiptError(reply.error)
      this.#failure ??= error
      throw error
    }
    if (reply.parseFailure !== undefined) throw reply.parseFailure
    this.#session.trail.read(reply.results[own + count])
    return reply.results.slice(own, own + count)
  }
}

function ignore(): void {}
