/** A value that the process keeps. */
export interface LocalValue<T> {
  readonly value: T
  /** Of the entry that it was read from: it holds for as long as that would. */
  readonly gens: readonly string[]
  readonly bytes: number
}

/** The values that a process keeps of one definition: as many as it may, those that were asked for last. */
export class LocalValues<T> {
  readonly #maxEntries: number
  readonly #maxBytes: number
  /** In the order in which they were asked for: a Map keeps the order of its keys. */
  readonly #values = new Map<string, LocalValue<T>>()
  #bytes = 0

  constructor({ maxEntries, maxBytes }: { readonly maxEntries: number; readonly maxBytes: number }) {
    this.#maxEntries = maxEntries
    this.#maxBytes = maxBytes
  }

  get size(): number {
    return this.#values.size
  }

  get(key: string): LocalValue<T> | undefined {
    const found = this.#values.get(key)
    if (!found) return undefined
    this.#values.delete(key)
    this.#values.set(key, found)
    return found
  }

  set(key: string, value: LocalValue<T>): void {
    this.delete(key)
    if (value.bytes > this.#maxBytes) return
    this.#values.set(key, value)
    this.#bytes += value.bytes
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#maxEntries && this.#bytes <= this.#maxBytes) return
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    const found = this.#values.get(key)
    if (!found) return
    this.#values.delete(key)
    this.#bytes -= found.bytes
  }
}
