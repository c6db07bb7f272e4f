import { Deadlines, TimeoutError } from './deadlines.ts'
import { Link, type MakeClient } from './link.ts'

/** Limits in milliseconds. */
interface WakerLimits {
  readonly connectMs: number
  readonly timeoutMs: number
  readonly probeMs: number
}

/** Somebody who waits on a channel. */
interface Sleeper {
  readonly wake: () => void
}

/**
 * Waits for messages of a server, over a connection of its own that is made when somebody first waits. A message may be lost with
 * the connection; whoever waits then is woken when there is a new one, and looks for themselves.
 */
export class Waker {
  readonly #make: MakeClient
  readonly #limits: WakerLimits
  readonly #deadlines: Deadlines
  readonly #channels = new Map<string, Set<Sleeper>>()
  #opening: Promise<Link> | undefined
  #isClosed = false

  constructor(make: MakeClient, limits: WakerLimits) {
    this.#make = make
    this.#limits = limits
    this.#deadlines = new Deadlines(limits.timeoutMs)
  }

  /**
   * Waits for a message.
   *
   * @param isOver is asked once the channel is listened to: what happened before that sends no message any more
   * @returns after a message, or at the latest after `maxMs`; never rejects
   */
  async wait(channel: string, maxMs: number, isOver: () => Promise<boolean>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const sleeper: Sleeper = { wake: resolve }
    const timer = setTimeout(resolve, Math.max(0, maxMs))
    const sleepers = this.#channels.get(channel) ?? new Set()
    this.#channels.set(channel, sleepers.add(sleeper))
    void this.#listen(channel)
      .then(isOver)
      .then((over) => {
        if (over) resolve()
      })
      .catch(ignore)
    await promise
    clearTimeout(timer)
    sleepers.delete(sleeper)
    if (sleepers.size > 0) return
    this.#channels.delete(channel)
    const link = await this.#opening?.catch(ignore)
    // Somebody may have come meanwhile; and on one connection it is the last of the two commands that holds.
    if (link && !this.#channels.has(channel)) link.client.unsubscribe(channel).catch(ignore)
  }

  close(): void {
    this.#isClosed = true
    for (const sleepers of this.#channels.values()) for (const { wake } of sleepers) wake()
    void this.#opening?.then((link) => link.close(), ignore)
  }

  async #listen(channel: string): Promise<void> {
    const link = await this.#connected()
    try {
      await this.#deadlines.run(link.client.subscribe(channel))
    } catch (error) {
      // Nobody would hear a message either.
      if (error instanceof TimeoutError) link.close()
      throw error
    }
  }

  #connected(): Promise<Link> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  async #open(): Promise<Link> {
    try {
      const link = await Link.open(this.#make, this.#limits.connectMs)
      link.client.on('message', (channel: string) => this.#wake(channel))
      void link.ended.then(() => this.#lost())
      if (this.#isClosed) link.close()
      return link
    } catch (error) {
      setTimeout(() => this.#lost(), this.#limits.probeMs)
      throw error
    }
  }

  #wake(channel: string): void {
    for (const { wake } of this.#channels.get(channel) ?? []) wake()
  }

  /** Listens again where somebody still waits. */
  #lost(): void {
    this.#opening = undefined
    if (this.#isClosed || this.#channels.size === 0) return
    for (const [channel, sleepers] of this.#channels) {
      const missed = [...sleepers]
      void this.#listen(channel).then(() => {
        for (const { wake } of missed) wake()
      }, ignore)
    }
  }
}

function ignore(): void {}
