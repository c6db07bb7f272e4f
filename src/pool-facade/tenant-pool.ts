import type { EventEmitter } from 'node:events'
import pg, { type Pool } from 'pg'
import { ClosedError } from '../errors/outcome.ts'
import { UnsupportedError } from '../errors/unsupported.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import { answer, isSubmittable, type QueryCallback, readStatement } from './call-forms.ts'
import type { PooledClient } from './pooled-client.ts'
import { refuseText } from './refuse-text.ts'
import type { ScopedWork } from './scoped-work.ts'

type ConnectCallback = (
  error: unknown,
  client: PooledClient | undefined,
  release: (error?: unknown) => void,
) => void

/** The part of pg's pool that is taken over: its events, and what its constructor sets. It makes no client and no timer there. */
interface PoolBase extends EventEmitter {
  readonly options: object
  ending: boolean
  ended: boolean
}

/**
 * ORMs ask for `instanceof pg.Pool`, so the class is derived from it, with every public method replaced. Whatever of pg's own
 * would still make a connection is given a class of clients that refuses to be made.
 */
const Base = pg.Pool as unknown as new (options: object) => PoolBase

class NoClient {
  constructor() {
    throw new UnsupportedError(
      'A connection of the pool of asPool()',
      'Its connections are those of the database object.',
    )
  }
}

/** See `asPool` of the database object. */
export class TenantPool extends Base {
  readonly #scoped: ScopedWork

  constructor(scoped: ScopedWork) {
    super({ max: scoped.pool.options?.max, Client: NoClient })
    this.#scoped = scoped
  }

  query(config: unknown, values?: unknown, callback?: unknown): unknown {
    if (isSubmittable(config)) {
      process.nextTick(() => config.handleError(cursorOutside(), this))
      return config
    }
    const called = [callback, values, config].find((given) => typeof given === 'function')
    return answer(this.#query(config, values), called as QueryCallback | undefined)
  }

  connect(callback?: ConnectCallback): Promise<PooledClient> | undefined {
    const connecting = this.#connect()
    if (!callback) return connecting
    connecting.then(
      (client) => process.nextTick(callback, undefined, client, client.release),
      (error) => process.nextTick(callback, error, undefined, ignore),
    )
    return undefined
  }

  /**
   * Has the pool take no more calls. The connections are not its own and stay: `close()` of the database object ends those.
   * Clients that are out go on until they are released.
   */
  end(callback?: (error?: unknown) => void): Promise<void> | undefined {
    const ending = this.#end()
    if (!callback) return ending
    ending.then(
      () => process.nextTick(callback),
      (error) => process.nextTick(callback, error),
    )
    return undefined
  }

  /** Connections of the primary's pool, which all instances share. */
  get totalCount(): number {
    return this.#scoped.pool.totalCount
  }

  get idleCount(): number {
    return this.#scoped.pool.idleCount
  }

  get expiredCount(): number {
    return 0
  }

  get waitingCount(): number {
    return this.#scoped.waiting
  }

  async #query(config: unknown, values: unknown): Promise<QueryResult<unknown>> {
    if (config === null || config === undefined)
      throw new TypeError('Client was passed a null or undefined query')
    if (typeof config === 'function') throw functionFirst()
    if (this.ended) throw ended()
    const statement = readStatement(config, values)
    refuseText(statement.text)
    return this.#scoped.current().query(statement)
  }

  async #connect(): Promise<PooledClient> {
    if (this.ended) throw ended()
    const tenant = this.#scoped.tenant()
    // Two thirds of this folder, which nobody loads who connects no client.
    const { PooledClient } = await import('./pooled-client.ts')
    const client = new PooledClient(this.#scoped, tenant, (released, error) => {
      this.emit('release', error, released)
      this.emit('remove', released)
    })
    this.emit('connect', client)
    this.emit('acquire', client)
    return client
  }

  async #end(): Promise<void> {
    if (this.ended) throw new ClosedError('Called end on pool more than once')
    this.ending = true
    this.ended = true
  }
}

/**
 * Makes the pool of `asPool`.
 *
 * @returns what has the shape of a `pg.Pool`, though some of its methods throw {@link UnsupportedError}
 */
export function createTenantPool(scoped: ScopedWork): Pool {
  return new TenantPool(scoped) as unknown as Pool
}

function cursorOutside(): UnsupportedError {
  return new UnsupportedError(
    'A cursor or stream outside of a transaction',
    'It would hold a connection between its reads: connect(), send BEGIN, and give it to the query() of that client.',
  )
}

function functionFirst(): UnsupportedError {
  return new UnsupportedError('A function as the first argument of query()', 'Give a text or an object.')
}

function ended(): ClosedError {
  return new ClosedError('Cannot use a pool after calling end on the pool')
}

function ignore(): void {}
