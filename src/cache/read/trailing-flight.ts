/**
 * Runs work at most once at a time for each key. Who asks while it runs waits for one further run that all of them share, and
 * never for the one that had begun before: what that one saw may have been overwritten, and the write acknowledged, before they
 * asked.
 *
 * @typeParam T what the work gives; all who share a run get the same
 */
export class TrailingFlight<T> {
  readonly #running = new Map<string, Promise<unknown>>()
  readonly #queued = new Map<string, Promise<T>>()

  /** Keys for which something runs. */
  get size(): number {
    return this.#running.size
  }

  /** @throws what the work throws */
  run(key: string, work: () => Promise<T>): Promise<T> {
    const queued = this.#queued.get(key)
    if (queued !== undefined) return queued
    const running = this.#running.get(key)
    if (running === undefined) return this.#start(key, work)
    const next = running.then(() => {
      this.#queued.delete(key)
      return this.#start(key, work)
    })
    this.#queued.set(key, next)
    return next
  }

  #start(key: string, work: () => Promise<T>): Promise<T> {
    const flight = work()
    const end = () => {
      if (this.#running.get(key) === settled) this.#running.delete(key)
    }
    // Never rejects: who is behind it runs whatever becomes of it.
    const settled = flight.then(end, end)
    this.#running.set(key, settled)
    return flight
  }
}
