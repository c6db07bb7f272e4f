import { AsyncLocalStorage } from 'node:async_hooks'
import { RequestScope } from '../request-scope.ts'
import type { Entered } from './entered.ts'
import type { NextFunctions } from './next-functions.ts'
import type { DatabaseSource, LeaseholdNextOptions } from './next-options.ts'
import { createTokenJar, type TokenJar } from './token-jar.ts'

interface Call {
  readonly method: string
  readonly httpRoute: string | undefined
  /** Whether what it has seen goes into the cookie. */
  readonly isKept: boolean
}

/** Has what Next.js calls run in the scope of its request. */
export class Requests {
  readonly #source: DatabaseSource<unknown>
  readonly #next: NextFunctions
  readonly #identify: LeaseholdNextOptions['identify']
  readonly #jar: TokenJar | undefined
  readonly #current = new AsyncLocalStorage<Entered>()

  /** @throws {ConfigError} */
  constructor(source: DatabaseSource<unknown>, { next, identify, tokens }: LeaseholdNextOptions) {
    this.#source = source
    this.#next = next
    this.#identify = identify
    this.#jar = tokens === undefined ? undefined : createTokenJar(tokens === 'cookie' ? {} : tokens)
  }

  async enter<T>(call: Call, work: (entered: Entered) => Promise<T>): Promise<T> {
    // Always asked for, in the scope of another too: in a function that is cached for all tenants Next.js throws here.
    const cookies = await this.#next.cookies()
    const outer = this.#current.getStore()
    if (outer) return work(outer)
    const identity = await this.#identify()
    const db = typeof this.#source === 'function' ? await this.#source() : this.#source
    const entered = { db, next: this.#next }
    if (!identity) return work({ ...entered, scope: undefined })
    const { method, httpRoute } = call
    const cookie = this.#jar?.read(cookies)
    const facts = { method, httpRoute, headers: cookie === undefined ? {} : { cookie } }
    const scope = new RequestScope(identity, facts, this.#jar?.carrier)
    const inside = { ...entered, scope }
    try {
      return await db.run({ ...scope.options, guard: this.#refuseInCache }, () =>
        this.#current.run(inside, () => work(inside)),
      )
    } finally {
      // Behind what throws too: redirects do, and what failed may have committed something before.
      if (call.isKept) await this.#keepToken(scope)
    }
  }

  /**
   * A scope reaches into `unstable_cache`, which keeps what was read for everybody who asks next. Next.js throws at once where somebody
   * asks for cookies in there.
   *
   * @see https://nextjs.org/docs/app/api-reference/functions/unstable_cache
   */
  readonly #refuseInCache = () => {
    this.#next.cookies().catch(() => {})
  }

  async #keepToken(scope: RequestScope): Promise<void> {
    const taken = scope.takeHeader()
    if (taken) this.#jar?.write(await this.#next.cookies(), taken.value)
  }
}
