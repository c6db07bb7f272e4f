import type { TenantContext } from '../context/context-statement.ts'
import type { Deadline } from '../wire/deadline.ts'
import { IN_TRANSACTION } from '../wire/expected-state.ts'
import { outcomeOfRead } from '../wire/failure.ts'
import { LeasedConnection } from '../wire/leased-connection.ts'
import type { PositionWatch } from '../wire/position-watch.ts'
import type { ReadRoute, ReadTarget } from '../wire/read-route.ts'
import type { Reply } from '../wire/reply-reader.ts'
import type { WireStatement } from '../wire/statement.ts'
import type { TenantSource } from '../wire/tenant-source.ts'
import { type BeginOptions, beginStatement } from './begin.ts'
import { CommitTrail } from './commit-trail.ts'
import { refuseUnserved, sendOpening } from './opening.ts'
import { closed } from './transaction-end.ts'
import type { TransactionWays } from './transaction-ways.ts'

/** The connection of one transaction, from BEGIN on: the server that it was opened on, and how it stands there. */
export class TransactionSession {
  readonly trail: CommitTrail
  readonly #source: TenantSource
  readonly #context: TenantContext
  readonly #deadline: Deadline
  readonly #route: ReadRoute | undefined
  readonly #beginText: string
  #watch: PositionWatch | undefined
  #connection: LeasedConnection | undefined
  #failed = false
  #closed = false

  /**
   * @param source of its connection, unless the ways find another
   * @throws {ConfigError}
   */
  constructor(
    source: TenantSource,
    context: TenantContext,
    begin: BeginOptions,
    deadline: Deadline,
    { receipt, route, watch }: TransactionWays,
  ) {
    this.#source = source
    this.#context = context
    this.#deadline = deadline
    this.#route = route
    this.#watch = watch
    this.#beginText = beginStatement(begin)
    this.trail = new CommitTrail(source, context, receipt)
  }

  /** What it was opened on; nothing before, and after a failure to open. */
  get connection(): LeasedConnection | undefined {
    return this.#connection
  }

  get watch(): PositionWatch | undefined {
    return this.#watch
  }

  /** Whether the server, at its last answer, takes nothing but ROLLBACK. */
  get failed(): boolean {
    return this.#failed
  }

  /** Nothing is sent any more but the end of the transaction. */
  close(): void {
    this.#closed = true
  }

  /** BEGIN and the tenant context, and in the same flush the first statements. @throws {ClosedError} and what opening throws */
  open(statements: readonly WireStatement[]): Promise<Reply> {
    if (!this.#route) return this.#openOn(this.#source, statements)
    return this.#route.run((target) => this.#openRead(target, statements))
  }

  /** @throws {ClosedError} and what {@link outcomeOfRead} makes of a failure */
  async exchange(statements: readonly WireStatement[]): Promise<Reply> {
    const connection = this.#connection
    if (this.#closed || !connection) throw closed()
    try {
      const segment = {
        statements: [...statements, ...this.trail.asking(connection)],
        leaves: IN_TRANSACTION,
      }
      const reply = await connection.exchange(segment, this.#deadline)
      this.#failed = reply.status === 'E'
      return reply
    } catch (failure) {
      throw outcomeOfRead(failure)
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
      await connection?.rollBack(this.#deadline)
      connection?.release()
      throw refusal
    }
  }

  async #openOn(source: TenantSource, statements: readonly WireStatement[]): Promise<Reply> {
    const connection = await LeasedConnection.open(source, this.#context.tenant, this.#deadline)
    if (this.#closed) {
      connection.release()
      throw closed()
    }
    this.#connection = connection
    try {
      const all = [...statements, ...this.trail.asking(connection)]
      const opening = { source, context: this.#context, begin: this.#beginText, statements: all }
      const reply = await sendOpening(connection, opening, this.#deadline)
      this.#failed = reply.status === 'E'
      return reply
    } catch (failure) {
      this.#connection = undefined
      connection.destroy(failure)
      throw outcomeOfRead(failure)
    }
  }
}
