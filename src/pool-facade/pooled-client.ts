import { EventEmitter } from 'node:events'
import pg from 'pg'
import type { TenantId } from '../context/tenant-id.ts'
import { ClosedError } from '../errors/outcome.ts'
import { UnsupportedError } from '../errors/unsupported.ts'
import type { QueryResult, TransactionStatus } from '../wire/pg-internals.ts'
import { answer, isSubmittable, type QueryCallback, readStatement } from './call-forms.ts'
import { ClientSession } from './client-session.ts'
import { Portal } from './portal.ts'
import type { ScopedWork } from './scoped-work.ts'
import { parseTransactionCommand } from './transaction-command.ts'

/** Is told that a client was given back, with what was given to its `release`. */
export type Released = (client: PooledClient, error: unknown) => void

/**
 * What `connect` of the pool gives: a client of pg, as far as its connection can belong to many. It holds none, but from the
 * first statement behind a BEGIN to its end.
 */
export class PooledClient extends EventEmitter {
  readonly escapeIdentifier: typeof pg.escapeIdentifier = pg.escapeIdentifier
  readonly escapeLiteral: typeof pg.escapeLiteral = pg.escapeLiteral
  readonly getTypeParser: typeof pg.types.getTypeParser = pg.types.getTypeParser
  /** Which process works for it changes from one statement to the next. */
  readonly processID: null = null
  readonly #session: ClientSession
  readonly #onRelease: Released
  #released = false
  /** COMMITs and ROLLBACKs that have not been answered. */
  #ending = 0
  #turn: Promise<unknown> = Promise.resolve()

  /** @internal */
  constructor(scoped: ScopedWork, tenant: TenantId, onRelease: Released) {
    super()
    this.#session = new ClientSession(scoped, tenant)
    this.#onRelease = onRelease
    // Given out by itself, as the third argument of a callback of connect().
    this.release = this.release.bind(this)
  }

  query(config: unknown, values?: unknown, callback?: unknown): unknown {
    if (config === null || config === undefined)
      throw new TypeError('Client was passed a null or undefined query')
    if (isSubmittable(config)) {
      config.callback ||= typeof values === 'function' ? values : callback
      const portal = new Portal(config, (statements) =>
        this.#next(() => this.#session.inTransaction(statements)),
      )
      // pg reports what is wrong with a query to the query.
      const refusal = config.submit(portal)
      if (refusal) process.nextTick(() => config.handleError(refusal, portal))
      return config
    }
    // A client of pg looks for a callback in the object too; a pool of pg does not.
    const within = typeof config === 'object' && 'callback' in config ? config.callback : undefined
    const called = [callback, values, within].find((given) => typeof given === 'function')
    return answer(this.#query(config, values), called as QueryCallback | undefined)
  }

  /** As of pg 8.23: `I`, `T` or `E`. */
  getTransactionStatus(): TransactionStatus {
    return this.#session.status
  }

  /**
   * Gives the client back. A transaction that is open is rolled back, and what still runs in it rejects with
   * {@link FloatingQueryError}.
   */
  release(error?: unknown): void {
    if (this.#released)
      throw new Error('Release called on client which has already been released to the pool.')
    this.#released = true
    void this.#session.release()
    this.#onRelease(this, error)
  }

  connect(): never {
    throw new UnsupportedError('connect() of a client of asPool()', 'It is connected already.')
  }

  end(): never {
    throw new UnsupportedError('end() of a client of asPool()', 'Give it back with release().')
  }

  setTypeParser(): never {
    throw new UnsupportedError(
      'setTypeParser() of a client of asPool()',
      'Give a query its parsers by the option `types`, or set those of the process with pg.types.setTypeParser().',
    )
  }

  copyFrom(): never {
    throw copyUnsupported()
  }

  copyTo(): never {
    throw copyUnsupported()
  }

  /** @throws {UnsupportedError} */
  get connection(): never {
    throw socketUnsupported('connection')
  }

  /** @throws {UnsupportedError} */
  get stream(): never {
    throw socketUnsupported('stream')
  }

  ref(): void {}

  unref(): void {}

  async #query(config: unknown, values: unknown): Promise<QueryResult<unknown>> {
    const statement = readStatement(config, values)
    const command = parseTransactionCommand(statement.text)
    const run = () => this.#session.query(statement, command)
    if (command?.kind !== 'commit' && command?.kind !== 'rollback') {
      if (this.#ending > 0 && !command) throw meantForTransaction()
      return this.#next(run)
    }
    this.#ending += 1
    try {
      return await this.#next(run)
    } finally {
      this.#ending -= 1
    }
  }

  /** One after the other, as on a connection of pg. */
  #next<T>(work: () => Promise<T>): Promise<T> {
    if (this.#released) return Promise.reject(usedAfterRelease())
    const running = this.#turn.then(work)
    this.#turn = running.catch(ignore)
    return running
  }
}

function usedAfterRelease(): ClosedError {
  return new ClosedError(
    'A client of asPool() was used after release(); nothing was sent. Await every query before the client is released, and keep ' +
      'no handle of its transaction.',
  )
}

/** Run behind the end of the transaction, it would commit by itself, whatever became of that. */
function meantForTransaction(): ClosedError {
  return new ClosedError(
    'A statement was given to a client of asPool() whose COMMIT or ROLLBACK had not been answered; nothing was sent. Await every ' +
      'query of a transaction before its end, and the end before what comes behind it.',
  )
}

function socketUnsupported(name: string): UnsupportedError {
  return new UnsupportedError(
    `\`${name}\` of a client of asPool()`,
    'Its statements have no connection of their own: what needs one takes a client of pg that you make.',
  )
}

function copyUnsupported(): UnsupportedError {
  return new UnsupportedError('COPY', 'Use INSERT ... SELECT FROM unnest(...), or the pool of system().')
}

function ignore(): void {}
