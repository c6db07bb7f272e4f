/** A cookie as Next.js takes it. */
export interface NextCookie {
  readonly name: string
  readonly value: string
  readonly httpOnly: boolean
  readonly secure: boolean
  readonly sameSite: 'strict' | 'lax' | 'none'
  readonly path: string
  /** Seconds. */
  readonly maxAge: number
}

/** What `cookies()` of `next/headers` comes to. */
export interface NextCookies {
  get(name: string): { readonly value: string } | undefined
  /** Throws outside of Server Functions and Route Handlers. */
  set(cookie: NextCookie): unknown
}

/**
 * What the adapter calls of Next.js, given by the application: so the library depends on none of its versions, and it works wherever
 * Next.js bundles it.
 */
export interface NextFunctions {
  /**
   * Of `next/headers`. Throws, and not only rejects, in what is cached for other requests.
   *
   * @see https://nextjs.org/docs/app/api-reference/functions/cookies
   */
  readonly cookies: () => Promise<NextCookies>
  /**
   * Of `next/navigation`: throws what `redirect()`, `notFound()` and the like have thrown again, and nothing else.
   *
   * @see https://nextjs.org/docs/app/api-reference/functions/unstable_rethrow
   */
  readonly unstable_rethrow: (error: unknown) => void
}

/** Whether something that was thrown is an answer, such as a redirect, and no error. */
export function isAnswer(thrown: unknown, { unstable_rethrow: rethrow }: NextFunctions): boolean {
  try {
    rethrow(thrown)
  } catch (again) {
    // It looks into causes too, and an error whose cause is a redirect is an error.
    return again === thrown
  }
  return false
}
