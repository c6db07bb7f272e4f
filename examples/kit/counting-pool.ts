import pg from 'pg'

/** What became of requests for a connection, since the start. Durations in milliseconds. */
export interface ConnectionCounts {
  readonly acquired: number
  readonly acquireMs: number
  readonly acquireMaxMs: number
  readonly timedOut: number
  readonly failed: number
  /** Connections that were given back as of no more use. */
  readonly discarded: number
}

/** What pg says, without a code, to who has waited for a connection for `connectionTimeoutMillis`. */
const LATE = /^(timeout exceeded when trying to connect|Connection terminated due to connection timeout)$/

type Connected = NonNullable<Parameters<pg.Pool['connect']>[0]>

/** A pool that counts what is asked of it, for the metrics. */
export class CountingPool extends pg.Pool {
  #acquired = 0
  #acquireMs = 0
  #acquireMaxMs = 0
  #timedOut = 0
  #failed = 0
  #discarded = 0

  constructor(config: pg.PoolConfig) {
    super(config)
    this.on('release', (error) => {
      if (error) this.#discarded += 1
    })
  }

  override connect(): Promise<pg.PoolClient>
  override connect(callback: Connected): void
  override connect(callback?: Connected): Promise<pg.PoolClient> | undefined {
    const startedMs = performance.now()
    // The pool's own `query` calls it with a callback.
    if (callback) {
      super.connect((error, client, done) => {
        this.#count(startedMs, error)
        callback(error, client, done)
      })
      return undefined
    }
    return super.connect().then(
      (client) => {
        this.#count(startedMs)
        return client
      },
      (error: unknown) => {
        this.#count(startedMs, error)
        throw error
      },
    )
  }

  counts(): ConnectionCounts {
    return {
      acquired: this.#acquired,
      acquireMs: this.#acquireMs,
      acquireMaxMs: this.#acquireMaxMs,
      timedOut: this.#timedOut,
      failed: this.#failed,
      discarded: this.#discarded,
    }
  }

  #count(startedMs: number, error?: unknown): void {
    if (error) {
      if (error instanceof Error && LATE.test(error.message)) this.#timedOut += 1
      else this.#failed += 1
      return
    }
    const tookMs = performance.now() - startedMs
    this.#acquired += 1
    this.#acquireMs += tookMs
    this.#acquireMaxMs = Math.max(this.#acquireMaxMs, tookMs)
  }
}
