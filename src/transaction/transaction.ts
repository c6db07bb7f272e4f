import type { TenantContext } from '../context/context-statement.ts'
import { TransactionAbortedError } from '../errors/outcome.ts'
import { isServerError } from '../errors/server-error.ts'
import { Deadline } from '../wire/deadline.ts'
import { IN_TRANSACTION } from '../wire/expected-state.ts'
import { outcomeOfRead, outcomeOfWrite } from '../wire/failure.ts'
import { LeasedConnection } from '../wire/leased-connection.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import type { PositionWatch } from '../wire/position-watch.ts'
import type { ReadRoute, ReadTarget } from '../wire/read-route.ts'
import { readReceiptError } from '../wire/receipt.ts'
import type { Reply } from '../wire/reply-reader.ts'
import { ownStatement, type WireStatement } from '../wire/statement.ts'
import type { TenantSource } from '../wire/tenant-source.ts'
import { type BeginOptions, beginStatement } from './begin.ts'
import { CommitHooks } from './commit-hooks.ts'
import { CommitTrail } from './commit-trail.ts'
import { OPENING_LENGTH, refuseUnserved, sendOpening } from './opening.ts'
import type { Savepoint } from './savepoint.ts'
import { Savepoints } from './savepoints.ts'
import { sendCommit } from './send-commit.ts'
import { aborted, closed } from './transaction-end.ts'
import type { TransactionWays } from './transaction-ways.ts'

/** How long ROLLBACK may take once the call has been answered. */
const ROLLBACK_LIMIT_MS = 1_000

/**
 * One transaction of one tenant on one connection. It is lazy: BEGIN and the tenant context leave together with the
 * first statement, so n statements cost n + 1 round trips, and a callback without a query takes no connection.
 */
export class Transaction {
  readonly context: TenantContext
  readonly begin: BeginOptions
  readonly deadline: Deadline
  readonly hooks: CommitHooks = new CommitHooks()
  readonly savepoints: Savepoints = new Savepoints()
  readonly #source: TenantSource
  readonly #route: ReadRoute | undefined
  readonly #trail: CommitTrail
  readonly #beginText: string
  #connection: LeasedConnection | undefined
  #watch: PositionWatch | undefined
  /** Settles when the server has answered for BEGIN and context: only then may a further statement leave. */
  #opening: Promise<void> | undefined
  #failure: unknown
  /** Whether the server, at its last answer, takes nothing but ROLLBACK. */
  #failed = false
  #rollbackOnly: { readonly cause: unknown } | undefined
  #ended = false
  #statements = 0

  /**
   * @param source of its connection, unless the ways find another
   * @throws {ConfigError}
   */
  constructor(
    source: TenantSource,
    context: TenantContext,
    begin: BeginOptions,
    deadline: Deadline,
    { receipt, route, watch }: TransactionWays = {},
  ) {
    this.#source = source
    this.#route = route
    this.#watch = watch
    this.#trail = new CommitTrail(source, context, receipt)
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

  /** The server's first error that no savepoint has undone. */
  get failure(): unknown {
    return this.#failure
  }

  /** Whether nothing but a rollback is left. */
  get failed(): boolean {
    return this.#failed || this.#rollbackOnly !== undefined
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
      const own = [...this.#trail.opening(), ...forSavepoints]
      const opened = this.#open([...own, ...statements])
      this.#opening = opened.then(() => undefined)
      // Whoever waits for it sees it fail; where nobody does, `opened` below still tells the caller.
      this.#opening.catch(ignore)
      return this.#take(await opened, own.length + OPENING_LENGTH, statements.length)
    }
    await this.#opening
    const reply = await this.#exchange([...forSavepoints, ...statements])
    return this.#take(reply, forSavepoints.length, statements.length)
  }

  /** Sends the receipt, where the callback has sent nothing that it could have gone out with. */
  async leaveReceipt(): Promise<void> {
    if (this.#trail.hasReceipt && !this.#opening) await this.run([])
  }

  /** Undoes what was done since. Never throws: where that fails, the transaction can only be rolled back. */
  async rollBackTo(savepoint: Savepoint, cause: unknown): Promise<void> {
    this.hooks.forgetSince(savepoint.hooks)
    const undo = this.savepoints.undo(savepoint)
    if (!undo || this.#ended || this.#rollbackOnly) return
    try {
      await this.#opening
      const reply = await this.#exchange(undo.map((text) => ownStatement(text)))
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
    this.#ended = true
    try {
      await this.#opening
    } catch (cause) {
      throw new TransactionAbortedError(cause)
    }
    if (this.#rollbackOnly) {
      await this.rollback()
      throw aborted(this.#rollbackOnly.cause)
    }
    const connection = this.#connection
    if (!connection) return
    const asksPosition = this.#watch?.closed !== undefined && connection.mayReadPosition
    try {
      const position = await sendCommit(connection, { asksPosition, failure: this.#failure }, this.deadline)
      this.#watch?.closed?.(position)
    } catch (failure) {
      if (isServerError(failure)) this.#failure ??= failure
      throw this.context.readOnly ? outcomeOfRead(failure) : outcomeOfWrite(failure, this.#trail.resolver())
    } finally {
      connection.release()
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

  /** Stops the statement that runs, and rolls back. Never throws. */
  async cancel(): Promise<void> {
    this.#ended = true
    const connection = this.#connection
    if (!connection) return
    await connection.cancelRunning()
    await connection.rollBack(new Deadline(ROLLBACK_LIMIT_MS))
    connection.release()
  }

  /** Destroys the connection, whatever runs on it. */
  abandon(cause: unknown): void {
    this.#ended = true
    this.#connection?.destroy(cause)
  }

  async #open(statements: readonly WireStatement[]): Promise<Reply> {
    if (!this.#route) return this.#openOn(this.#source, statements)
    try {
      return await this.#route.run((target) => this.#openRead(target, statements))
    } catch (error) {
      this.#failure ??= error
      throw error
    }
  }

  /** Opens a read on a server that may not be the one that serves it. */
  async #openRead(target: ReadTarget, statements: readonly WireStatement[]): Promise<Reply> {
    this.#watch = target.watch
    const reply = await this.#openOn(target.source, statements)
    try {
      refuseUnserved(target, reply)
      return reply
    } catch (refusal) {
      const connection = this.#connection
      this.#connection = undefined
      this.#failed = false
      await connection?.rollBack(this.deadline)
      connection?.release()
      throw refusal
    }
  }

  async #openOn(source: TenantSource, statements: readonly WireStatement[]): Promise<Reply> {
    const connection = await LeasedConnection.open(source, this.context.tenant, this.deadline)
    if (this.#ended) {
      connection.release()
      throw closed()
    }
    this.#connection = connection
    try {
      const all = [...statements, ...this.#trail.asking(connection)]
      const opening = { source, context: this.context, begin: this.#beginText, statements: all }
      const reply = await sendOpening(connection, opening, this.deadline)
      this.#failed = reply.status === 'E'
      return reply
    } catch (failure) {
      this.#connection = undefined
      connection.destroy(failure)
      throw outcomeOfRead(failure)
    }
  }

  async #exchange(statements: readonly WireStatement[]): Promise<Reply> {
    const connection = this.#connection
    if (this.#ended || !connection) throw closed()
    try {
      const asking = this.#trail.asking(connection)
      const segment = { statements: [...statements, ...asking], leaves: IN_TRANSACTION }
      const reply = await connection.exchange(segment, this.deadline)
      this.#failed = reply.status === 'E'
      return reply
    } catch (failure) {
      throw outcomeOfRead(failure)
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
    this.#trail.read(reply.results[own + count])
    return reply.results.slice(own, own + count)
  }
}

function ignore(): void {}
