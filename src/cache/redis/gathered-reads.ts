import { UnreadableReplyError } from './failure.ts'
import type { RedisServer } from './redis-server.ts'
import type { RedisServers } from './redis-servers.ts'

/** Keys of one question: Redis answers it while the next is put together, and nobody else waits for long. */
const MOST_KEYS = 64

type Values = readonly (Buffer | null)[]

/** Somebody who asked for some of the keys. */
interface Asker {
  readonly keys: readonly string[]
  readonly answer: (values: Values) => void
  readonly fail: (error: unknown) => void
}

/** One question that is being put together. */
interface Question {
  readonly server: RedisServer
  readonly askers: Asker[]
  /** Keys asked for, those that are asked for twice as well. */
  size: number
}

/**
 * Reads keys, and has what is asked for in one tick read by one MGET: a hit costs little else than its question. Who asks later is
 * never given what was read before.
 */
export class GatheredReads {
  readonly #servers: RedisServers
  readonly #questions = new Map<string, Question>()

  constructor(servers: RedisServers) {
    this.#servers = servers
  }

  /**
   * @param keys of one slot
   * @param read makes something of their values, in their order; must not throw
   * @throws {CacheUnavailableError} as a rejection
   */
  read<T>(server: RedisServer, keys: readonly string[], read: (values: Values) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const question = this.#questionTo(server, keys[0] ?? '')
      question.size += keys.length
      question.askers.push({ keys, answer: (values) => resolve(read(values)), fail: reject })
    })
  }

  #questionTo(server: RedisServer, key: string): Question {
    const slot = this.#servers.slotOf(key)
    const open = this.#questions.get(slot)
    if (open && open.server === server && open.size < MOST_KEYS) return open
    const question: Question = { server, askers: [], size: 0 }
    this.#questions.set(slot, question)
    process.nextTick(() => {
      if (this.#questions.get(slot) === question) this.#questions.delete(slot)
      void ask(question)
    })
    return question
  }
}

async function ask({ server, askers }: Question): Promise<void> {
  try {
    const [only] = askers
    if (only && askers.length === 1) return only.answer(await readValues(server, only.keys))
    // What many ask for, as the fence of a tenant, is asked for once.
    const places = new Map<string, number>()
    for (const { keys } of askers) for (const key of keys) if (!places.has(key)) places.set(key, places.size)
    const values = await readValues(server, [...places.keys()])
    for (const { keys, answer } of askers) answer(keys.map((key) => values[places.get(key) ?? -1] ?? null))
  } catch (error) {
    for (const { fail } of askers) fail(error)
  }
}

function readValues(server: RedisServer, keys: readonly string[]): Promise<Values> {
  return server.run(
    (redis) => redis.mgetBuffer(keys as string[]),
    (reply) => {
      if (!Array.isArray(reply)) throw new UnreadableReplyError('An answer that is no list.')
      if (reply.length !== keys.length) throw new UnreadableReplyError('Not as many values as keys.')
      if (!reply.every(isValue)) throw new UnreadableReplyError('A value that is no text.')
      return reply
    },
  )
}

function isValue(value: unknown): value is Buffer | null {
  return value === null || Buffer.isBuffer(value)
}
