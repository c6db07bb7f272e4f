import { setTimeout as sleep } from 'node:timers/promises'
import { open } from './database.ts'

/** Reads on one standby: long ones of the newest month and of all of them, and short ones without a pause to speak of. */
export class StandbyReaders {
  /** Queries that the standby cancelled, or whose session it ended. */
  cancelled = 0
  longReads = 0
  /** The longest of the short reads. */
  longestMs = 0
  readonly #url: string
  readonly #stop = new AbortController()
  readonly #working: Promise<unknown>

  /** @param newest condition of the newest month, by which all others are left out */
  constructor(url: string, newest: string) {
    this.#url = url
    this.#working = Promise.all([
      this.#long(`select count(*) from events where ${newest}`, { readMs: 5_000, pauseMs: 50 }),
      this.#long('select count(*) from events', { readMs: 2_500, pauseMs: 1_000 }),
      this.#short(`select id from events where ${newest} limit 1`),
    ])
  }

  async end(): Promise<void> {
    this.#stop.abort()
    await this.#working
  }

  async #long(
    text: string,
    { readMs, pauseMs }: { readonly readMs: number; readonly pauseMs: number },
  ): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await using session = await open(this.#url)
        await session.client.query('begin')
        await session.client.query(text)
        await this.#wait(readMs)
        await session.client.query(text)
        await session.client.query('commit')
        this.longReads += 1
      } catch {
        this.cancelled += 1
      }
      await this.#wait(pauseMs)
    }
  }

  async #short(text: string): Promise<void> {
    await using session = await open(this.#url)
    while (!this.#stop.signal.aborted) {
      const sentAt = performance.now()
      try {
        await session.client.query(text)
      } catch {
        this.cancelled += 1
      }
      this.longestMs = Math.max(this.longestMs, performance.now() - sentAt)
      await sleep(20)
    }
  }

  #wait(ms: number): Promise<unknown> {
    return sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => {})
  }
}
