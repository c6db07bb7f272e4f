import type { PgClient } from './pg-pool.ts'

/** One connection checked out of a pool, until it is released or discarded; both may be called again without effect. */
export class Lease {
  readonly client: PgClient
  #returned = false

  constructor(client: PgClient) {
    this.client = client
    // pg-pool takes its own listener off while a client is out; without one, a lost connection would end the process.
    client.on('error', ignore)
  }

  /** Gives the connection back for the next caller. */
  release(): void {
    this.#return()
  }

  /** Has the pool end the connection instead of using it again. */
  discard(): void {
    this.#return(true)
  }

  #return(destroy?: true): void {
    if (this.#returned) return
    this.#returned = true
    // The pool puts its listener back in `release`, so there is no moment without one.
    this.client.release(destroy)
    this.client.removeListener('error', ignore)
  }
}

/** What happens to a leased connection is told to the exchange that runs on it, by the connection's own events. */
function ignore(): void {}
