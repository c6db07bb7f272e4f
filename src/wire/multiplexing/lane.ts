import type { Deadline } from '../deadline.ts'
import type { LeasedConnection } from '../leased-connection.ts'
import type { Reply, Segment } from '../reply-reader.ts'
import { MovedSignal } from './moved-signal.ts'
import type { SharedWork } from './shared-work.ts'

/** A batch, as the lane that it is on sees it. */
export interface LaneBatch {
  readonly work: SharedWork
  /** Its place is free from now on, although it is still on its lane. */
  leavePlace(): void
}

/** One exchange on its way. */
interface Entry {
  readonly batch: LaneBatch
  readonly reject: (reason: unknown) => void
  /** Nobody waits for its reply any more. */
  isAbandoned: boolean
}

/** What a lane tells who made it. */
export interface LaneHost {
  /** Milliseconds after which the head of a lane is slow. */
  readonly slowMs: number
  /** Its head has been running for longer than that. */
  onSlow(lane: Lane): void
  /** An answer has come, or a batch is done. */
  onProgress(lane: Lane): void
  /** It has given its connection back. */
  onEnded(lane: Lane): void
}

/**
 * One connection on which batches of many tenants are in flight, one behind the other. Each ends in a Sync of its own, so each is a
 * transaction of its own, and its reply proves by the nonce that it is its own.
 */
export class Lane {
  readonly connection: LeasedConnection
  readonly openedAtMs: number = performance.now()
  /** Batches that it takes at once. */
  readonly depth: number
  readonly #host: LaneHost
  /** In the order in which they were sent, which is that of the replies. */
  readonly #entries: Entry[] = []
  readonly #batches = new Set<LaneBatch>()
  #newcomers = 0
  #headSinceMs = 0
  #timer: NodeJS.Timeout | undefined
  #confirmation: NodeJS.Immediate | undefined
  #idleCheck: NodeJS.Immediate | undefined
  #isOpen = true
  #isStopping = false
  #isEnded = false

  /** @param depth batches at once, where the connection bears more than one */
  constructor(connection: LeasedConnection, depth: number, host: LaneHost) {
    this.connection = connection
    this.depth = connection.mayQueue ? depth : 1
    this.#host = host
  }

  /** Whether it takes further batches. */
  get isOpen(): boolean {
    return this.#isOpen && !this.connection.broken
  }

  /** Batches that are on it. */
  get load(): number {
    return this.#batches.size
  }

  /** Those of which nobody knows yet how long they take. */
  get newcomers(): number {
    return this.#newcomers
  }

  get isIdle(): boolean {
    return this.#batches.size === 0 && this.#entries.length === 0
  }

  /** The batch whose reply is the next to come, where somebody waits for it. */
  get head(): LaneBatch | undefined {
    const [head] = this.#entries
    return head?.isAbandoned ? undefined : head?.batch
  }

  /** The batches that are on it. */
  batches(): readonly LaneBatch[] {
    return [...this.#batches]
  }

  add(batch: LaneBatch): void {
    this.#batches.add(batch)
    if (batch.work.newcomer) this.#newcomers += 1
  }

  remove(batch: LaneBatch): void {
    if (!this.#batches.delete(batch)) return
    if (batch.work.newcomer) this.#newcomers -= 1
    this.#host.onProgress(this)
    this.#endIfDone()
  }

  /** Gives the connection back at the end of this tick, unless somebody has come by then. */
  closeWhenIdle(): void {
    this.#idleCheck ??= setImmediate(closeIfIdle, this)
  }

  /** @internal */
  closeIfIdle(): void {
    this.#idleCheck = undefined
    if (this.isIdle) this.close()
  }

  /** Takes nothing further, and gives the connection back once it is idle. */
  close(): void {
    this.#isOpen = false
    this.#endIfDone()
  }

  /** @throws {ExchangeFailure} {@link MovedSignal}; and what {@link abandon} was given */
  exchange(batch: LaneBatch, segment: Segment, deadline: Deadline): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const entry: Entry = { batch, reject, isAbandoned: false }
      this.#entries.push(entry)
      if (this.#entries.length === 1) this.#headSinceMs = performance.now()
      this.#lookLater(this.#host.slowMs)
      this.connection.exchange(segment, deadline).then(
        (reply) => {
          resolve(reply)
          this.#settled(entry)
        },
        (failure: unknown) => {
          reject(failure)
          this.#settled(entry)
        },
      )
    })
  }

  /** Answers a batch with the reason, whatever becomes of what it has sent. */
  abandon(batch: LaneBatch, reason: unknown): void {
    for (const entry of this.#entries) {
      if (entry.batch !== batch || entry.isAbandoned) continue
      entry.isAbandoned = true
      // The next one would be sent before this one is answered.
      if (this.depth === 1) this.#isOpen = false
      entry.reject(reason)
    }
    this.#lookLater(this.#host.slowMs)
  }

  /** Has the reads behind the head sent again elsewhere. @returns how many */
  moveOthers(): number {
    const waiting = this.#entries.slice(1).filter(({ isAbandoned }) => !isAbandoned)
    const others = new Set(waiting.map(({ batch }) => batch))
    const moved = [...others].filter((batch) => batch.work.isRead && batch !== this.head)
    for (const batch of moved) this.abandon(batch, new MovedSignal())
    return moved.length
  }

  /** Looks how long the head has been running. @internal */
  look(): void {
    this.#timer = undefined
    if (this.#entries.length === 0) return
    const leftMs = this.#headSinceMs + this.#host.slowMs - performance.now()
    // Timers may be a fraction of a millisecond early.
    if (leftMs > 1) this.#lookLater(leftMs)
    // After a pause of this process, answers that have come meanwhile are read first.
    else this.#confirmation ??= setImmediate(confirm, this, this.#entries[0])
  }

  /** @param head that was found to be running for long. @internal */
  confirm(head: Entry | undefined): void {
    this.#confirmation = undefined
    if (head === undefined || head !== this.#entries[0]) {
      this.#lookLater(this.#host.slowMs)
      return
    }
    this.#host.onSlow(this)
    if (this.#entries.every(({ isAbandoned }) => isAbandoned)) void this.#stop()
    else this.#lookLater(this.#host.slowMs)
  }

  #lookLater(inMs: number): void {
    if (this.#entries.length > 0) this.#timer ??= setTimeout(look, inMs, this)
  }

  /** Nobody waits for anything that still runs: it is cancelled, and never anything else with it. */
  async #stop(): Promise<void> {
    if (this.#isStopping) return
    this.#isOpen = false
    this.#isStopping = true
    await this.connection.cancelRunning()
    this.#isStopping = false
    this.#endIfDone()
  }

  #settled(entry: Entry): void {
    const at = this.#entries.indexOf(entry)
    if (at >= 0) this.#entries.splice(at, 1)
    this.#headSinceMs = performance.now()
    this.#host.onProgress(this)
    this.#endIfDone()
  }

  #endIfDone(): void {
    // A cancel request that is still on its way would hit whoever has the connection next.
    if (this.isOpen || !this.isIdle || this.#isStopping || this.#isEnded) return
    this.#isEnded = true
    clearTimeout(this.#timer)
    this.connection.release()
    this.#host.onEnded(this)
  }
}

function look(lane: Lane): void {
  lane.look()
}

function confirm(lane: Lane, head: Entry | undefined): void {
  lane.confirm(head)
}

function closeIfIdle(lane: Lane): void {
  lane.closeIfIdle()
}
