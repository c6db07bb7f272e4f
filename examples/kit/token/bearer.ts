import { TokenRefusedError } from './token-refused-error.ts'

/**
 * The token of an `Authorization: Bearer …` header.
 *
 * @throws {TokenRefusedError} `missing`
 */
export function bearerOf(authorization: string | undefined | null): string {
  // The scheme's name is case-insensitive: RFC 9110, 11.1.
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) throw new TokenRefusedError('missing')
  return token
}
