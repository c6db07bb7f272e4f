import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { errorCode } from './failure.ts'

/** A script that runs on Redis, and gives bytes. */
export class Script {
  readonly #text: string
  /** The name that Redis gives to it. */
  readonly #sha1: string

  constructor(text: string) {
    this.#text = text
    this.#sha1 = createHash('sha1').update(text).digest('hex')
  }

  /** Sends the name of the script, and the script where Redis does not know it (any more). @throws the server's error */
  async run(redis: Redis, keys: readonly string[], args: readonly (string | Buffer)[]): Promise<unknown> {
    try {
      return await redis.callBuffer('EVALSHA', this.#sha1, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error) || errorCode(error) !== 'NOSCRIPT') throw error
      return redis.callBuffer('EVAL', this.#text, keys.length, ...keys, ...args)
    }
  }
}
