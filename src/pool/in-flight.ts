/** What has begun and has not ended, and when none of it is left. */
export class InFlight<Item> {
  readonly #items = new Set<Item>()
  #emptied: PromiseWithResolvers<void> | undefined

  add(item: Item): void {
    this.#items.add(item)
  }

  delete(item: Item): void {
    if (this.#items.delete(item) && this.#items.size === 0) {
      this.#emptied?.resolve()
      this.#emptied = undefined
    }
  }

  /** Counts work for as long as it runs. */
  async track<T>(item: Item, work: () => Promise<T>): Promise<T> {
    this.add(item)
    try {
      return await work()
    } finally {
      this.delete(item)
    }
  }

  get size(): number {
    return this.#items.size
  }

  /** What is in flight now. */
  list(): readonly Item[] {
    return [...this.#items]
  }

  /** Settles when nothing is in flight; has no limit of its own. */
  async empty(): Promise<void> {
    while (this.#items.size > 0) {
      this.#emptied ??= Promise.withResolvers<void>()
      await this.#emptied.promise
    }
  }
}
