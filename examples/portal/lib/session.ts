import 'server-only'
import { type PatientClaims, TokenRefusedError, verifyToken } from '@clinic/kit'
import { readSession } from '@clinic/web'
import { redirect } from 'next/navigation'
import { wiring } from './wiring.ts'

/** Patients of all clinics but the dedicated ones, whose patients sign in with their own organisation. */
export function patientIssuer(): string {
  return `${wiring().env.IDENTITY_URL}/issuers/shared`
}

/** A patient, and the token that says so to the Core API. */
export interface Session {
  readonly claims: PatientClaims
  readonly token: string
}

/**
 * Says who a token is of, if it is a patient's.
 *
 * @throws {TokenRefusedError} `wrong-role` for everybody else
 */
export async function patientOf(token: string): Promise<Session> {
  const claims = await verifyToken(token, { issuers: [patientIssuer()] })
  if (claims.role !== 'patient') throw new TokenRefusedError('wrong-role')
  return { claims, token }
}

/** The patient who sends this request; nothing where it is nobody, or somebody else. */
export async function currentSession(): Promise<Session | undefined> {
  const token = await readSession()
  if (token === undefined) return undefined
  try {
    return await patientOf(token)
  } catch (error) {
    if (error instanceof TokenRefusedError) return undefined
    throw error
  }
}

/** The patient who sends this request; everybody else is sent to sign in. */
export async function requireSession(): Promise<Session> {
  return (await currentSession()) ?? redirect('/login')
}
