import { statusOf } from 'leasehold/fastify'
import { TokenRefusedError } from './token/token-refused-error.ts'

/** The body of `application/problem+json`: RFC 9457. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  /** Seconds, for `Retry-After`. */
  readonly retryAfter?: number
}

/** A request that cannot be served as it is: of a status from 400 to 499, with words for whoever sent it. */
export class RequestRefusedError extends Error {
  override readonly name = 'RequestRefusedError'
  readonly status: number

  constructor(status: number, title: string) {
    super(title)
    this.status = status
  }
}

const BUSY = 'The service is busy. Try again.'
const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not valid.',
  401: 'Sign in first.',
  403: 'That is not allowed.',
  404: 'There is nothing here.',
  409: 'That is there already.',
  503: BUSY,
  504: 'It took too long, and it is not known whether it was done.',
}

/** unique_violation: what is there already. */
const UNIQUE = '23505'
/** foreign_key_violation, and insufficient_privilege, which is also what a policy refuses a new row with. */
const REFUSED: Readonly<Record<string, number>> = {
  [UNIQUE]: 409,
  '23503': 404,
  '42501': 403,
  // What is no number, no date or no text of PostgreSQL's: out of range, ill-formed, or with a NUL in it.
  '22003': 400,
  '22007': 400,
  '22008': 400,
  '22021': 400,
  '22P02': 400,
}

/**
 * What to answer for an error. No message of PostgreSQL's is passed on: they hold values of rows.
 *
 * @returns nothing for an error that is a fault of ours: answer 500, and log it
 */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof TokenRefusedError || error instanceof RequestRefusedError) {
    return problem(error.status, error.message)
  }
  const ours = statusOf(error)
  if (ours)
    return { ...problem(ours.status), ...(ours.retryAfter !== undefined && { retryAfter: ours.retryAfter }) }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const refused = REFUSED[code]
  return refused === undefined ? undefined : problem(refused)
}

function problem(status: number, title: string = TITLES[status] ?? BUSY): Problem {
  return { type: 'about:blank', title, status }
}

/**
 * What may be logged of an error: its kind, its code, and where it was thrown. Not its message: PostgreSQL puts values of rows in there,
 * and in `detail`.
 */
export function describeError(error: unknown): {
  readonly name: string
  readonly code?: string
  readonly at?: string
} {
  if (!(error instanceof Error)) return { name: typeof error }
  const at = error.stack?.split('\n').find((line) => line.startsWith('    at '))
  return {
    name: error.name,
    ...('code' in error && { code: String(error.code) }),
    ...(at !== undefined && { at: at.trim() }),
  }
}
