import type { TenantId } from '../context/tenant-id.ts'
import { ClosedError, FloatingQueryError, NestingError, TransactionAbortedError } from '../errors/outcome.ts'
import type { QueryResult, TransactionStatus } from '../wire/pg-internals.ts'
import type { StatementInput } from '../wire/statement.ts'
import { HeldTransaction } from './held-transaction.ts'
import { refuseText } from './refuse-text.ts'
import type { ScopedWork, TenantWork } from './scoped-work.ts'
import type { TransactionCommand } from './transaction-command.ts'
import type { TransactionModes } from './transaction-modes.ts'

/** BEGIN has no round trip of its own: it leaves with the first statement behind it. */
type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'begun'; readonly work: TenantWork; readonly modes: TransactionModes }
  | { readonly kind: 'open'; readonly work: TenantWork; readonly held: HeldTransaction }
  /** It could not be opened, as one that does not fit the transaction around it. */
  | { readonly kind: 'refused'; readonly cause: unknown }

const IDLE: State = { kind: 'idle' }

/**
 * What one client does to the server: each statement is a batch of the tenant, until a text begins a transaction. Calls must come
 * one after the other.
 */
export class ClientSession {
  readonly #scoped: ScopedWork
  readonly #tenant: TenantId
  #state: State = IDLE
  /** Why the last COMMIT failed, until its end was acknowledged: a second COMMIT must not look like a success. */
  #uncommitted: { readonly cause: unknown } | undefined
  #released = false
  /** Whether a transaction was cut short by the release: what had been meant for it must not run, and commit, by itself. */
  #cut = false
  #running = 0

  constructor(scoped: ScopedWork, tenant: TenantId) {
    this.#scoped = scoped
    this.#tenant = tenant
  }

  get status(): TransactionStatus {
    if (this.#state.kind === 'idle') return 'I'
    if (this.#state.kind === 'refused') return 'E'
    return this.#state.kind === 'open' && this.#state.held.failed ? 'E' : 'T'
  }

  /**
   * @param command what the statement does to the transaction
   * @throws {TenantMismatchError} {@link ScopeRequiredError} {@link ClosedError} and what the statement throws
   */
  async query(
    statement: StatementInput,
    command: TransactionCommand | undefined,
  ): Promise<QueryResult<unknown>> {
    this.#scoped.require(this.#tenant)
    if (this.#released) this.#cut ||= command !== undefined
    if (this.#cut) throw released()
    if (command && (command.kind !== 'set' || this.#state.kind === 'begun')) {
      await this.#control(command)
      return { command: command.tag, rowCount: null, oid: null, rows: [], fields: [] }
    }
    refuseText(statement.text)
    if (this.#state.kind === 'idle') return this.#scoped.current().query(statement)
    return this.#within((held) => held.query(statement))
  }

  /**
   * Statements of one round trip in the open transaction, as a cursor sends them.
   *
   * @throws {NestingError} there is no transaction
   * @throws {UnsupportedError} see {@link refuseText}
   */
  async inTransaction(statements: readonly StatementInput[]): Promise<readonly QueryResult<unknown>[]> {
    this.#scoped.refuseOther(this.#tenant)
    if (this.#released) throw released()
    if (this.#state.kind === 'idle') throw outside('A cursor or stream')
    for (const { text } of statements) refuseText(text)
    return this.#within((held) => held.batch(statements))
  }

  /** Nothing is begun any more, and a transaction that is open is rolled back. Never throws. */
  async release(): Promise<void> {
    this.#released = true
    const state = this.#state
    this.#cut = state.kind !== 'idle'
    this.#state = IDLE
    if (state.kind === 'open') await state.held.rollback()
  }

  async #within<T>(work: (held: HeldTransaction) => Promise<T>): Promise<T> {
    if ('work' in this.#state) this.#scoped.refuseOtherSettings(this.#state.work.settings)
    const { held, work: of } = await this.#opened()
    if (held.lost) throw held.lost.cause
    this.#running += 1
    try {
      const value = await work(held)
      if (this.#released) throw new FloatingQueryError(this.#running)
      return value
    } catch (error) {
      if (this.#released && !(error instanceof FloatingQueryError))
        throw new FloatingQueryError(this.#running, error)
      throw of.explain(error)
    } finally {
      this.#running -= 1
    }
  }

  async #opened(): Promise<State & { readonly kind: 'open' }> {
    if (this.#released) throw released()
    const state = this.#state
    if (state.kind === 'open') return state
    if (state.kind === 'idle') throw outside('A savepoint')
    if (state.kind === 'refused') throw state.cause
    const { work, modes } = state
    let next: State | undefined
    try {
      const held = await HeldTransaction.open((callback) => work.transaction(modes, callback))
      next = { kind: 'open', work, held }
    } catch (cause) {
      next = { kind: 'refused', cause }
    }
    if (!this.#released) this.#state = next
    if (next.kind === 'refused') throw next.cause
    if (!this.#released) return next
    await next.held.rollback()
    throw released()
  }

  async #control(command: TransactionCommand): Promise<void> {
    switch (command.kind) {
      case 'begin':
        if (this.#state.kind !== 'idle') throw nested()
        return this.#begin(command.modes)
      case 'set':
        return this.#begin(command.modes)
      case 'commit':
        return this.#commit()
      case 'rollback':
        return this.#rollback()
      case 'savepoint':
        return this.#within((held) => held.savepoint(command.name))
      case 'release':
        return this.#within((held) => held.release(command.name))
      case 'rollback to':
        return this.#within((held) => held.rollBackTo(command.name))
    }
  }

  #begin(asked: TransactionModes): void {
    const modes = this.#state.kind === 'begun' ? { ...this.#state.modes, ...asked } : asked
    const { readOnly } = modes
    this.#state = {
      kind: 'begun',
      modes,
      work: this.#scoped.current(readOnly === undefined ? {} : { readOnly }),
    }
    this.#uncommitted = undefined
  }

  async #commit(): Promise<void> {
    const state = this.#state
    if (state.kind === 'idle' && this.#uncommitted) throw this.#uncommitted.cause
    this.#state = IDLE
    try {
      if (state.kind === 'refused') throw new TransactionAbortedError(state.cause)
      if (state.kind !== 'open') return
      const { lost } = state.held
      if (lost) throw new TransactionAbortedError(lost.cause)
      await state.held.commit()
    } catch (error) {
      this.#uncommitted = { cause: error }
      throw error
    }
  }

  async #rollback(): Promise<void> {
    const state = this.#state
    this.#state = IDLE
    this.#uncommitted = undefined
    if (state.kind === 'open') await state.held.rollback()
  }
}

function released(): ClosedError {
  return new ClosedError(
    'A client of asPool() was used after release(); nothing was sent. Await every query before the client is released, and keep ' +
      'no handle of its transaction.',
  )
}

function nested(): NestingError {
  return new NestingError(
    'BEGIN was sent to a client whose transaction is open, so that the next COMMIT would end both; nothing was sent. Use a ' +
      'savepoint, or end the first transaction.',
  )
}

function outside(what: string): NestingError {
  return new NestingError(
    `${what} needs a transaction, and none is open on this client; nothing was sent. Send BEGIN first.`,
  )
}
