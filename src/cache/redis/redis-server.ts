import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { CacheUnavailableError, type CacheUnavailableReason } from '../../errors/cache.ts'
import { Breaker } from './breaker.ts'
import { Deadlines } from './deadlines.ts'
import { asUnavailable, classifyFailure, type Failure } from './failure.ts'
import { Link, type MakeClient } from './link.ts'
import type { RedisLife } from './redis-life.ts'
import { Waker } from './waker.ts'

/** Limits in milliseconds, and how many failures in a row are too many. */
export interface RedisLimits {
  readonly timeoutMs: number
  readonly connectMs: number
  /** Between two looks at what the server is. */
  readonly pollMs: number
  readonly probeMs: number
  readonly failures: number
}

/** How one server stands. */
export interface RedisServerSnapshot {
  readonly address: string
  readonly state: 'usable' | CacheUnavailableReason
  /** How often its breaker has opened. */
  readonly breakerOpened: number
  /** Connections made. */
  readonly connections: number
  /** Commands that were not answered in time. */
  readonly timeouts: number
  /** Of the last failure, without its message: that may hold keys. */
  readonly lastFailure: CacheUnavailableReason | undefined
}

/** Milliseconds without an answer after which a connection is taken for dead. */
const SILENT_MS = 500

/**
 * One server, and the one connection to it that is in use. It can be used only while it is known what it is: after each new
 * connection, each failure that says otherwise and each time the breaker was open, it is asked anew before anything else; and now
 * and then, because a primary that was demoted keeps its connections.
 */
export class RedisServer {
  readonly address: string
  readonly #make: MakeClient
  readonly #limits: RedisLimits
  readonly #deadlines: Deadlines
  readonly #breaker: Breaker
  readonly #waker: Waker
  readonly #onMoved: () => void
  #link: Link | undefined
  #life: RedisLife | undefined
  #reason: CacheUnavailableReason = 'disconnected'
  #lastFailure: CacheUnavailableReason | undefined
  #cause: unknown
  #nudge: () => void = ignore
  #isClosed = false
  #connections = 0
  #timeouts = 0

  /** @param onMoved is told when the server turns out not to be the primary of what it was asked */
  constructor(address: string, make: MakeClient, limits: RedisLimits, onMoved: () => void = ignore) {
    this.address = address
    this.#make = make
    this.#limits = limits
    this.#deadlines = new Deadlines(limits.timeoutMs)
    this.#breaker = new Breaker(limits.failures)
    this.#waker = new Waker(make, limits)
    this.#onMoved = onMoved
    void this.#keepConnected()
  }

  /** Names the life of the server that is in use; nothing while it cannot be used. */
  get life(): string | undefined {
    return this.#life?.id
  }

  /** @throws {CacheUnavailableError} it cannot be used */
  currentLife(): string {
    if (!this.#life) throw this.#unusable()
    return this.#life.id
  }

  get waker(): Waker {
    return this.#waker
  }

  /**
   * Sends a command and reads the answer. `work` may send a second one; the limit is for both.
   *
   * @param read throws {@link UnreadableReplyError} for an answer that is none
   * @throws {CacheUnavailableError} within the limit, and at once while the server cannot be used
   */
  async run<T>(work: (client: Redis) => Promise<unknown>, read: (reply: unknown) => T): Promise<T> {
    const link = this.#link
    if (!link || !this.#life) throw this.#unusable()
    try {
      const value = read(await this.#deadlines.run(work(link.client)))
      this.#breaker.succeed()
      return value
    } catch (error) {
      throw this.#failed(link, error)
    }
  }

  snapshot(): RedisServerSnapshot {
    return {
      address: this.address,
      state: this.#life ? 'usable' : this.#reason,
      breakerOpened: this.#breaker.opened,
      connections: this.#connections,
      timeouts: this.#timeouts,
      lastFailure: this.#lastFailure,
    }
  }

  close(): void {
    this.#isClosed = true
    this.#forget('closed')
    this.#link?.close()
    this.#waker.close()
    this.#nudge()
  }

  #unusable(): CacheUnavailableError {
    return new CacheUnavailableError(this.#reason, { cause: this.#cause })
  }

  #failed(link: Link, error: unknown): CacheUnavailableError {
    const failure = classifyFailure(error)
    if (failure.reason === 'timeout') this.#timeouts += 1
    this.#lastFailure = failure.reason
    // What became of an earlier connection says nothing about this one.
    if (link === this.#link) this.#heed(link, failure, error)
    return asUnavailable(error, failure)
  }

  #heed(link: Link, { reason, next }: Failure, error: unknown): void {
    const wasUsable = this.#life !== undefined
    if (next === 'count' && this.#breaker.fail()) this.#forget('breaker', error)
    if (next === 'ask' || next === 'drop') this.#forget(reason, error)
    if (next === 'drop') link.close()
    if (!wasUsable || this.#life) return
    // Once for all the commands that are on their way.
    if (next === 'ask') this.#onMoved()
    this.#nudge()
  }

  /** From here on nothing is sent to it, until it has said what it is. */
  #forget(reason: CacheUnavailableReason, cause?: unknown): void {
    if (this.#reason !== 'closed') this.#reason = reason
    this.#cause = cause
    this.#life = undefined
  }

  async #keepConnected(): Promise<void> {
    let attempts = 0
    while (!this.#isClosed) {
      try {
        const link = await Link.open(this.#make, this.#limits.connectMs)
        this.#connections += 1
        if (await this.#use(link)) attempts = 0
      } catch (error) {
        this.#forget('disconnected', error)
      }
      attempts += 1
      // A cut is mended at once; a server that is down is not pressed.
      if (!this.#isClosed)
        await this.#pause(Math.min(this.#limits.probeMs, 10 * 2 ** Math.min(attempts - 1, 8)))
    }
  }

  /** Uses a connection until it is gone. @returns whether it was ever of use */
  async #use(link: Link): Promise<boolean> {
    this.#link = link
    void link.ended.then(() => {
      if (this.#link !== link) return
      this.#forget('disconnected')
      this.#nudge()
    })
    let wasUsable = false
    let silentSince: number | undefined
    while (!this.#isClosed && !link.isEnded) {
      const askedAt = performance.now()
      const life = await this.#ask(link)
      silentSince = life ? undefined : (silentSince ?? askedAt)
      if (life?.isUsable) {
        this.#breaker.close()
        this.#life = life
        wasUsable = true
      } else if (life) {
        this.#forget('not-primary')
        this.#onMoved()
        // The name may lead to another server by now.
        if (life.isReplica) break
      } else if (performance.now() - (silentSince ?? askedAt) > SILENT_MS) {
        break
      }
      await this.#pause(life?.isUsable ? this.#limits.pollMs : this.#limits.probeMs)
    }
    if (this.#link === link) {
      if (this.#life) this.#forget('disconnected')
      this.#link = undefined
    }
    link.close()
    return wasUsable
  }

  async #ask(link: Link): Promise<RedisLife | undefined> {
    try {
      const life = await link.life(this.#deadlines)
      if (life) return life
      this.#forget('unreadable')
      link.close()
    } catch (error) {
      const { reason, next } = classifyFailure(error)
      this.#lastFailure = reason
      if (next === 'count' && !this.#breaker.fail()) return undefined
      this.#forget(next === 'count' ? 'breaker' : reason, error)
      if (next !== 'count') link.close()
    }
    return undefined
  }

  /** Waits, or until something has happened to the connection. */
  async #pause(forMs: number): Promise<void> {
    const waiting = new AbortController()
    this.#nudge = () => waiting.abort()
    await sleep(forMs, undefined, { signal: waiting.signal }).catch(ignore)
    this.#nudge = ignore
  }
}

function ignore(): void {}
