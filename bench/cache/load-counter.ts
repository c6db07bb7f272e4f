import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

/** Counts loads of a peer, in all its processes, in Redis. */
export class LoadCounter {
  readonly #redis: Redis
  readonly #prefix: string
  readonly #loadMs: number

  constructor({ redisUrl, prefix, loadMs }: { redisUrl: string; prefix: string; loadMs: number }) {
    this.#redis = new Redis(redisUrl)
    this.#prefix = prefix
    this.#loadMs = loadMs
  }

  /** Is awaited in each load. */
  async count(id: number): Promise<void> {
    await this.#redis.incr(loadCountKey(this.#prefix, id))
    if (this.#loadMs > 0) await sleep(this.#loadMs)
  }
}

/** Where the loads of one document are counted. */
export function loadCountKey(prefix: string, id: number): string {
  return `loads:${prefix}${id}`
}
