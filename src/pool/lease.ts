import type { PgClient } from './pg-pool.ts'

/** Who is told when a lease has ended. */
export interface LeaseHolder {
  onLeaseEnded(discarded: boolean): void
}

/** One connection checked out of a pool, until it is released or discarded; both may be called again without effect. */
export class Lease {
  readonly client: PgClient
  readonly #holder: LeaseHolder
  #returned = false

  constructor(client: PgClient, holder: LeaseHolder) {
    this.client = client
    this.#holder = holder
    // pg-pool takes its own listener off while a client is out; without one, a lost connection would end the process.
    client.on('error', ignore)
  }

  /** Gives the connection back for the next caller. */
  release(): void {
    this.#return(false)
  }

  /** Has the pool end the connection instead of using it again. */
  discard(): void {
    this.#return(true)
  }

  #return(discarded: boolean): void {
    if (this.#returned) return
    this.#returned = true
    try {
      // The pool puts its listener back in `release`, so there is no moment without one.
      this.client.release(discarded)
      this.client.removeListener('error', ignore)
    } finally {
      // Last, so that the connection is back in the pool when the next caller asks the pool for one.
      this.#holder.onLeaseEnded(discarded)
    }
  }
}

/** What happens to a leased connection is told to the exchange that runs on it, by the connection's own events. */
function ignore(): void {}
