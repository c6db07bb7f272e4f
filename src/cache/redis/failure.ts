import { CacheUnavailableError, type CacheUnavailableReason } from '../../errors/cache.ts'
import { TimeoutError } from './deadlines.ts'

/** What a failure of one command says about the server. */
export interface Failure {
  readonly reason: CacheUnavailableReason
  /**
   * - `none`: it answered, and answers the next one as well
   * - `count`: one of several after which it is left alone
   * - `ask`: it is not what it was taken for: it is asked anew before anything else
   * - `drop`: the connection is worth nothing any more
   */
  readonly next: 'none' | 'count' | 'ask' | 'drop'
}

/** An answer that is none to what was asked. */
export class UnreadableReplyError extends Error {}

const NOT_PRIMARY: Failure = { reason: 'not-primary', next: 'ask' }
const REFUSED: Failure = { reason: 'refused', next: 'none' }

/** By the first word of the server's error. @see https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
const BY_CODE: Readonly<Record<string, Failure>> = {
  READONLY: NOT_PRIMARY,
  LOADING: NOT_PRIMARY,
  MASTERDOWN: NOT_PRIMARY,
  MOVED: NOT_PRIMARY,
  CLUSTERDOWN: NOT_PRIMARY,
  // A slot that is on its way: for a while its keys lie on two servers, and a script cannot have them together.
  ASK: { reason: 'not-primary', next: 'none' },
  TRYAGAIN: { reason: 'not-primary', next: 'none' },
  OOM: { reason: 'out-of-memory', next: 'none' },
  NOAUTH: { reason: 'refused', next: 'drop' },
  BUSY: { reason: 'timeout', next: 'count' },
}

export function classifyFailure(error: unknown): Failure {
  if (error instanceof TimeoutError) return { reason: 'timeout', next: 'count' }
  if (error instanceof UnreadableReplyError) return { reason: 'unreadable', next: 'drop' }
  if (!(error instanceof Error) || error.name !== 'ReplyError')
    return { reason: 'disconnected', next: 'drop' }
  const code = errorCode(error)
  return Object.hasOwn(BY_CODE, code) ? (BY_CODE[code] ?? REFUSED) : REFUSED
}

/** The first word of an error of the server. */
export function errorCode(error: Error): string {
  // Redis 6 and earlier put the error of a command behind what they say about the script.
  const message = error.message.replace(/^ERR Error running script[^@]*@user_script: ?\d+: /, '')
  return /^-?([A-Z]+)\b/.exec(message)?.[1] ?? ''
}

export function asUnavailable(error: unknown, { reason }: Failure): CacheUnavailableError {
  return new CacheUnavailableError(reason, { cause: error })
}
