/**
 * Shares work that is under way. Only for keys that change with whatever could have changed what the work gives: then who joins
 * gets what they would have got by themselves.
 */
export class SharedFlight<T> {
  readonly #running = new Map<string, Promise<T>>()

  /** Keys for which something runs. */
  get size(): number {
    return this.#running.size
  }

  /** @throws what the work throws */
  run(key: string, work: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key)
    if (running !== undefined) return running
    const flight = work().finally(() => this.#running.delete(key))
    this.#running.set(key, flight)
    return flight
  }
}
