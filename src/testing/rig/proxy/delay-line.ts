// setTimeout takes 32 bits; anything longer would fire at once.
export const MAX_DELAY_MS = 2_147_483_647

/**
 * Delays one direction of one connection: what enters leaves in the same order, each item at least the delay
 * after it entered. Items travel side by side, as on a long cable: ten that enter together leave together.
 * A change of delay holds for what enters afterwards. Only the head can leave, so nothing ever overtakes.
 */
export class DelayLine<Item> {
  readonly #delayMs: () => number
  readonly #leave: (item: Item) => void
  readonly #queue: { readonly item: Item; readonly dueMs: number }[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(delayMs: () => number, leave: (item: Item) => void) {
    this.#delayMs = delayMs
    this.#leave = leave
  }

  /** How many items are under way. */
  get size(): number {
    return this.#queue.length
  }

  push(item: Item): void {
    const delayMs = this.#delayMs()
    if (delayMs === 0 && this.#queue.length === 0) {
      this.#leave(item)
      return
    }
    this.#queue.push({ item, dueMs: performance.now() + delayMs })
    this.#arm()
  }

  /** Drops what is under way. */
  clear(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#queue.length = 0
  }

  #arm(): void {
    const head = this.#queue[0]
    if (this.#timer !== undefined || head === undefined) return
    this.#timer = setTimeout(() => this.#drain(), Math.max(0, Math.ceil(head.dueMs - performance.now())))
  }

  #drain(): void {
    this.#timer = undefined
    // Node's timers may fire a fraction of a millisecond early; what is not due waits for the next one.
    const now = performance.now()
    for (let head = this.#queue[0]; head !== undefined && head.dueMs <= now; head = this.#queue[0]) {
      this.#queue.shift()
      this.#leave(head.item)
    }
    this.#arm()
  }
}
