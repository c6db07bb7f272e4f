import { unstable_rethrow } from 'next/navigation.js'
import type { NextCookie, NextFunctions } from '../../../src/adapters/next/index.ts'

/** The cookies of one browser, and what Next.js lets be done with them, by its documentation of `cookies()`. */
export class Browser {
  readonly cookies = new Map<string, NextCookie>()
  /** Who is signed in. */
  user: string | undefined = 'anna'
  /** While a page is rendered no cookie can be set. */
  isRendering = false
  /** In a function that is cached for all there are no cookies. */
  isInCache = false
  readonly next: NextFunctions = {
    cookies: () => {
      // At once, as Next.js does.
      if (this.isInCache) throw new Error('Route used `cookies()` inside "use cache".')
      return Promise.resolve({
        get: (name) => this.cookies.get(name),
        set: (cookie) => {
          if (this.isRendering)
            throw new Error('Cookies can only be modified in a Server Action or Route Handler.')
          this.cookies.set(cookie.name, cookie)
        },
      })
    },
    unstable_rethrow,
  }
}
