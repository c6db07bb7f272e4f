import { createRemoteJWKSet, decodeJwt, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { type Claims, claimsSchema, TOKEN_AUDIENCE } from './claims.ts'
import { TokenRefusedError } from './token-refused-error.ts'

/** Options of `verifyToken`. */
export interface VerifyTokenOptions {
  /** The issuers that the platform trusts. Keys are fetched from these addresses only, whatever a token says. */
  readonly issuers: Iterable<string>
}

/** Keys of each issuer, fetched once and again when a token names one that is not among them. Grows with trusted issuers only. */
const keySets = new Map<string, JWTVerifyGetKey>()

/** A token without an end, or a long one, is none of ours. */
const MAX_AGE = '1h'
/** Seconds that clocks may differ. */
const CLOCK_TOLERANCE = 5
const FETCH_TIMEOUT_MS = 2_000

/**
 * Verifies an access token: ES256, by a trusted issuer, for this platform, and in its time. It says who somebody is; whether they may
 * work with a clinic's data is for `requireTenant` to say.
 *
 * @throws {TokenRefusedError} `invalid`, `untrusted-issuer`, `unreachable-issuer`
 */
export async function verifyToken(token: string, { issuers }: VerifyTokenOptions): Promise<Claims> {
  const issuer = issuerOf(token)
  if (!new Set(issuers).has(issuer)) throw new TokenRefusedError('untrusted-issuer')
  try {
    const { payload } = await jwtVerify(token, keysOf(issuer), {
      issuer,
      audience: TOKEN_AUDIENCE,
      // Never what the token's header asks for.
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'iat'],
      maxTokenAge: MAX_AGE,
      clockTolerance: CLOCK_TOLERANCE,
    })
    return claimsSchema.parse(payload)
  } catch (error) {
    throw new TokenRefusedError(isOfFetch(error) ? 'unreachable-issuer' : 'invalid', error)
  }
}

/** Only to choose the keys: the signature is verified against what is taken from here. */
function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? ''
  } catch (error) {
    throw new TokenRefusedError('invalid', error)
  }
}

function keysOf(issuer: string): JWTVerifyGetKey {
  const known = keySets.get(issuer)
  if (known) return known
  const address = new URL(`${issuer}/.well-known/jwks.json`)
  const keys = createRemoteJWKSet(address, { timeoutDuration: FETCH_TIMEOUT_MS })
  keySets.set(issuer, keys)
  return keys
}

/** What has nothing to do with the token: no answer, or not the one of a key set. */
function isOfFetch(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true
  // jose throws JOSEError itself for an answer other than 200, and fetch a TypeError.
  return error instanceof TypeError || (error instanceof Error && error.constructor === errors.JOSEError)
}
