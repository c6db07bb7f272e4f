import { createHash } from 'node:crypto'

/**
 * What the store needs of a Redis client; a `Redis` or `Cluster` of ioredis has it. The client should be told not to hold
 * commands back while it is not connected (`enableOfflineQueue: false`), and to give each a limit (`commandTimeout`): what
 * nobody waits for any more otherwise stays in its memory.
 */
export interface TokenRedis {
  get(key: string): Promise<string | null>
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>
  evalsha(sha1: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>
}

/** A script that runs on Redis. */
export class LuaScript {
  readonly #text: string
  readonly #sha1: string

  constructor(text: string) {
    this.#text = text
    // The name that Redis gives to a script.
    this.#sha1 = createHash('sha1').update(text).digest('hex')
  }

  /** Sends the name of the script, and the script where Redis does not know it (any more). */
  async run(redis: TokenRedis, key: string, ...args: string[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.#sha1, 1, key, ...args)
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return redis.eval(this.#text, 1, key, ...args)
    }
  }
}
