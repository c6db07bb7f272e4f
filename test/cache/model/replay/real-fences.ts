import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { readFence } from '../../../../src/cache/fences/fence-value.ts'
import { Script } from '../../../../src/cache/redis/script.ts'
import { commitsAt, positionDigits } from './positions.ts'
import { SCRIPTS, type ScriptName } from './scripts.ts'

/** What a fence of the real Redis says, in the words of the model. */
export interface SeenFence {
  readonly gen: string
  /** Commits; `?` where nobody knows. */
  readonly floor: number | '?'
  readonly marks: readonly string[]
}

/** What the real Redis holds. A fence of another epoch is no fence, but for its marks. */
export interface Seen {
  readonly fences: readonly (SeenFence | undefined)[]
  /** Marks of fences that do not count. */
  readonly foreignMarks: readonly (readonly string[])[]
  readonly entry: { readonly gens: string; readonly version: number } | undefined
  readonly lease: string | undefined
}

const TTL_MS = '600000'
const SLOT = '{model|replay}'
const EVIDENCE = 'eHg'
/** Long ago: in the model, a deadline may be over at any time. */
const OVER_MS = '-1000'

/** One entry and its fences in a real Redis, changed by the scripts that the cache changes them with. */
export class RealFences {
  readonly #redis: Redis
  readonly #scripts: Readonly<Record<ScriptName, Script>>
  readonly #value: string
  readonly #lease: string
  readonly #fences: readonly string[]
  #epoch = newEpoch()
  #replica: readonly (Buffer | null)[] = []

  constructor(
    redis: Redis,
    lane: string,
    fences: number,
    scripts: Readonly<Record<ScriptName, string>> = SCRIPTS,
  ) {
    this.#redis = redis
    this.#scripts = {
      lease: new Script(scripts.lease),
      store: new Script(scripts.store),
      release: new Script(scripts.release),
      begin: new Script(scripts.begin),
      finish: new Script(scripts.finish),
      claim: new Script(scripts.claim),
    }
    const prefix = `model:${lane}`
    this.#value = `${prefix}:v:${SLOT}`
    this.#lease = `${prefix}:l:${SLOT}`
    this.#fences = Array.from({ length: fences }, (_, fence) => `${prefix}:f:${SLOT}:${fence}`)
  }

  get #all(): string[] {
    return [this.#value, ...this.#fences]
  }

  /** Starts anew. */
  async reset(start: 'known floor' | 'missing'): Promise<void> {
    this.#epoch = newEpoch()
    await this.#redis.del(...this.#all, this.#lease)
    if (start === 'known floor') {
      for (const fence of this.#fences) await this.#redis.set(fence, `${this.#gen()}|${positionDigits(0)}|`)
    }
    await this.sync()
  }

  async lease(token: string): Promise<{ kind: string; ordinal: string; gens: string }> {
    const args = [this.#epoch, token, TTL_MS, TTL_MS, '', ...this.#fences.map(() => this.#gen())]
    const reply = await this.#run('lease', [this.#value, this.#lease, ...this.#fences], args)
    const [kind = '', ordinal = '', ...fences] = texts(reply)
    return { kind, ordinal, gens: fences.map((text) => readFence(text)?.gen ?? 'unreadable').join(',') }
  }

  async store(load: {
    readonly token: string
    readonly ordinal: string
    readonly gens: string
    readonly source: 'p' | 'r'
    readonly commits: number
    readonly version: number
  }): Promise<string> {
    const { token, ordinal, gens, source, commits, version } = load
    const value = `${gens}\n${ordinal}\nmodel\n${version}`
    const args = [token, ordinal, gens, source, positionDigits(commits), TTL_MS, value, 'model', TTL_MS]
    return String(await this.#run('store', [this.#value, this.#lease, ...this.#fences], args))
  }

  async release(token: string): Promise<void> {
    await this.#run('release', [this.#lease], [token, 'model'])
  }

  /** The deadline is over at once, so that anybody may ask what became of the transaction. */
  async begin(fences: readonly number[], token: string): Promise<void> {
    const keys = this.#keysOf(fences)
    await this.#run('begin', keys, [
      this.#epoch,
      token,
      OVER_MS,
      EVIDENCE,
      TTL_MS,
      ...keys.map(() => this.#gen()),
    ])
  }

  /** @param commits `?` where nobody knows, '' where it was rolled back */
  async finish(fences: readonly number[], token: string, commits: number | '?' | ''): Promise<void> {
    const keys = this.#keysOf(fences)
    const position = typeof commits === 'number' ? positionDigits(commits) : commits
    await this.#run('finish', keys, [this.#epoch, token, position, TTL_MS, ...keys.map(() => this.#gen())])
  }

  /** The tokens that can be claimed. */
  async claim(fence: number): Promise<string[]> {
    const reply = texts(await this.#run('claim', this.#keysOf([fence]), [OVER_MS, TTL_MS]))
    return reply.filter((_, index) => index % 2 === 0)
  }

  async expireLease(): Promise<void> {
    await this.#redis.del(this.#lease)
  }

  async dropEntry(): Promise<void> {
    await this.#redis.del(this.#value)
  }

  async evict(fence: number): Promise<void> {
    await this.#redis.del(...this.#keysOf([fence]))
  }

  async sync(): Promise<void> {
    this.#replica = await this.#redis.mgetBuffer(...this.#all)
  }

  /** @param isNoticed the server that has taken over is known to be another one */
  async failOver(isNoticed: boolean): Promise<void> {
    await this.#redis.del(...this.#all, this.#lease)
    for (const [index, key] of this.#all.entries()) {
      const value = this.#replica[index]
      if (value) await this.#redis.set(key, value)
    }
    if (isNoticed) this.#epoch = newEpoch()
  }

  async look(): Promise<Seen> {
    const [entry, lease, ...raw] = await this.#redis.mget(this.#value, this.#lease, ...this.#fences)
    const parsed = raw.map((text) => (text ? readFence(text) : undefined))
    const [gens = '', , , version = ''] = entry?.split('\n') ?? []
    return {
      fences: parsed.map((fence) => {
        if (!fence?.gen.startsWith(`${this.#epoch}.`)) return undefined
        const { floor, gen, marks } = fence
        const commits =
          floor === undefined ? '?' : commitsAt(floor.toString(16).toUpperCase().padStart(16, '0'))
        return { gen, floor: commits, marks: marks.map(({ token }) => token).sort() }
      }),
      foreignMarks: parsed.map((fence) => fence?.marks.map(({ token }) => token).sort() ?? []),
      entry: entry ? { gens, version: Number(version) } : undefined,
      lease: lease ?? undefined,
    }
  }

  async remove(): Promise<void> {
    await this.#redis.del(...this.#all, this.#lease)
  }

  #run(name: ScriptName, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return this.#scripts[name].run(this.#redis, keys, args)
  }

  #keysOf(fences: readonly number[]): string[] {
    return fences.map((fence) => {
      const key = this.#fences[fence]
      if (key === undefined) throw new RangeError(`no fence ${fence}`)
      return key
    })
  }

  #gen(): string {
    return `${this.#epoch}.${randomBytes(12).toString('base64url')}`
  }
}

function newEpoch(): string {
  return randomBytes(9).toString('base64url')
}

function texts(reply: unknown): string[] {
  if (!Array.isArray(reply)) throw new TypeError(`Redis answered ${String(reply)}`)
  return reply.map(String)
}
