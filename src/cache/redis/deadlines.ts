interface Waiting {
  readonly dueMs: number
  isSettled: boolean
  readonly giveUp: (error: TimeoutError) => void
}

/** Milliseconds by which a timer is late when the process was busy. */
const LATE_MS = 10

/** The work took too long. */
export class TimeoutError extends Error {}

/**
 * Gives up work after a limit that is the same for all of it. One timer serves all: what began first is due first.
 */
export class Deadlines {
  readonly #limitMs: number
  #queue: Waiting[] = []
  #head = 0
  #timer: NodeJS.Timeout | undefined

  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  /** @throws {TimeoutError} it took too long; what it gives later is ignored. And what the work throws */
  run<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiting: Waiting = {
        dueMs: performance.now() + this.#limitMs,
        isSettled: false,
        giveUp: reject,
      }
      this.#queue.push(waiting)
      this.#arm()
      work.then(
        (value) => {
          waiting.isSettled = true
          resolve(value)
        },
        (error: unknown) => {
          waiting.isSettled = true
          reject(error)
        },
      )
    })
  }

  #arm(): void {
    if (this.#timer !== undefined) return
    const next = this.#next()
    if (!next) return
    const inMs = Math.max(0, Math.ceil(next.dueMs - performance.now()))
    this.#timer = setTimeout(() => this.#due(next.dueMs), inMs)
  }

  /** After a pause of the process, answers that have come meanwhile are read first, which may take as long as the pause. */
  #due(dueMs: number): void {
    const lateMs = performance.now() - dueMs
    const expire = () => setImmediate(() => this.#expire())
    if (lateMs < LATE_MS) expire()
    else this.#timer = setTimeout(expire, Math.min(lateMs, this.#limitMs))
  }

  #expire(): void {
    this.#timer = undefined
    const nowMs = performance.now()
    // One for all: thousands may wait, and a stack of each would say nothing more.
    const error = new TimeoutError(`No answer within ${this.#limitMs} ms.`)
    for (let next = this.#next(); next && next.dueMs <= nowMs; next = this.#next()) {
      next.isSettled = true
      next.giveUp(error)
    }
    this.#arm()
  }

  /** The first that is not settled. */
  #next(): Waiting | undefined {
    while (this.#queue[this.#head]?.isSettled) this.#head += 1
    if (this.#head === this.#queue.length) {
      this.#queue = []
      this.#head = 0
    } else if (this.#head > 1_024) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
    return this.#queue[this.#head]
  }
}
