import type { Redis } from 'ioredis'
import { CacheUnavailableError } from '../../errors/cache.ts'
import type { Deadlines } from './deadlines.ts'
import { type RedisLife, readLife } from './redis-life.ts'

/** Makes a client that is not connected yet, and connects once only. */
export type MakeClient = () => Promise<Redis>

/**
 * One connection, which is never replaced by another behind its back: what is sent on it reaches the server whose life was read on
 * it, or nobody.
 */
export class Link {
  readonly client: Redis
  /** Resolves when the connection is gone. */
  readonly ended: Promise<void>
  #isEnded = false

  private constructor(client: Redis) {
    this.client = client
    this.ended = new Promise((resolve) => {
      client.once('end', () => {
        this.#isEnded = true
        resolve()
      })
    })
  }

  /** @throws {CacheUnavailableError} with the error of the connection as its cause */
  static async open(make: MakeClient, limitMs: number): Promise<Link> {
    const client = await make()
    let cause: unknown
    client.on('error', (error) => {
      cause ??= error
    })
    const link = new Link(client)
    const timer = setTimeout(() => client.disconnect(), limitMs)
    try {
      await client.connect()
      return link
    } catch (error) {
      client.disconnect()
      throw new CacheUnavailableError('disconnected', { cause: cause ?? error })
    } finally {
      clearTimeout(timer)
    }
  }

  get isEnded(): boolean {
    return this.#isEnded
  }

  /** What the server is now; nothing where it does not say. @throws it does not answer in time, or not at all */
  async life(deadlines: Deadlines): Promise<RedisLife | undefined> {
    const info: unknown = await deadlines.run(this.client.info())
    return typeof info === 'string' ? readLife(info, this.client.options.db ?? 0) : undefined
  }

  close(): void {
    this.#isEnded = true
    this.client.disconnect()
  }
}
