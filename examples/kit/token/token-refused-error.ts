/**
 * - `missing`: there is no bearer token
 * - `invalid`: it is malformed, not signed by its issuer, expired, or for another audience
 * - `untrusted-issuer`: its issuer is none of the platform's
 * - `unreachable-issuer`: the issuer's keys could not be had
 * - `wrong-issuer`: its issuer is not the one that the clinic's users come from
 * - `wrong-tenant`: it is not for this clinic
 * - `wrong-role`: the role may not do this
 */
export type TokenRefusal =
  | 'missing'
  | 'invalid'
  | 'untrusted-issuer'
  | 'unreachable-issuer'
  | 'wrong-issuer'
  | 'wrong-tenant'
  | 'wrong-role'

const ANSWERS: Readonly<Record<TokenRefusal, readonly [status: number, title: string]>> = {
  missing: [401, 'Sign in first.'],
  invalid: [401, 'The session is not valid any more. Sign in again.'],
  'untrusted-issuer': [401, 'The session is not of this platform. Sign in again.'],
  'unreachable-issuer': [503, 'The identity provider does not answer. Try again.'],
  'wrong-issuer': [403, 'Users of this clinic sign in elsewhere.'],
  'wrong-tenant': [403, 'This account is not for this clinic.'],
  'wrong-role': [403, 'This account may not do that.'],
}

/** A request was refused because of its token. Says nothing of what is in the token. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError'
  readonly refusal: TokenRefusal
  /** 401 where signing in helps, 403 where it does not, 503 where trying again does. */
  readonly status: number

  constructor(refusal: TokenRefusal, cause?: unknown) {
    const [status, title] = ANSWERS[refusal]
    super(title, cause === undefined ? undefined : { cause })
    this.refusal = refusal
    this.status = status
  }
}
