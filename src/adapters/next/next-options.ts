import type { Leasehold } from '../../leasehold.ts'
import type { TokenCookieOptions } from '../../router/carrier/cookie.ts'
import type { Identity } from '../request-scope.ts'
import type { NextFunctions } from './next-functions.ts'

/** Options of {@link leasehold}. */
export interface LeaseholdNextOptions {
  /** `{ cookies, unstable_rethrow }`, of `next/headers` and `next/navigation`. */
  readonly next: NextFunctions
  /**
   * For whom the request is, once the application has verified it, by `cookies()` and `headers()` of its own; React's `cache()` around it
   * has it verified once for a page. Without an identity there is no scope, and `db.current()` throws. What it throws, such
   * as a redirect to the login, goes to Next.js.
   */
  readonly identify: () => Identity | undefined | Promise<Identity | undefined>
  /** Carries tokens between requests of a browser in a cookie: `'cookie'`, or how it is to be. @default none */
  readonly tokens?: 'cookie' | Partial<TokenCookieOptions>
}

/** The database object, or what makes it when it is first needed: `next build` loads every module, and has no environment to connect with. */
export type DatabaseSource<DB> = Leasehold<DB> | (() => Leasehold<DB> | Promise<Leasehold<DB>>)
