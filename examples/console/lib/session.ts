import 'server-only'
import { type OperatorClaims, TokenRefusedError, verifyToken } from '@clinic/kit'
import { readSession } from '@clinic/web'
import { wiring } from './wiring.ts'

/** Operators are accounts of the platform's own organisation. Whoever holds a dedicated tenant's key can make no operator. */
export function operatorIssuer(): string {
  return `${wiring().env.IDENTITY_URL}/issuers/shared`
}

/**
 * Says who a token is of, if it is an operator's.
 *
 * @throws {TokenRefusedError} `wrong-role` for everybody else
 */
export async function operatorOf(token: string): Promise<OperatorClaims> {
  const claims = await verifyToken(token, { issuers: [operatorIssuer()] })
  if (claims.role !== 'operator') throw new TokenRefusedError('wrong-role')
  return claims
}

/** The operator who sends this request; nothing where it is nobody, or somebody else. */
export async function currentOperator(): Promise<OperatorClaims | undefined> {
  const token = await readSession()
  if (token === undefined) return undefined
  try {
    return await operatorOf(token)
  } catch (error) {
    if (error instanceof TokenRefusedError) return undefined
    throw error
  }
}
