import 'server-only'
import { requireTenant, type StaffClaims, settingsOf, TokenRefusedError, verifyToken } from '@clinic/kit'
import type { Organization } from '@clinic/schema'
import { readSession } from '@clinic/web'
import type { TenantId } from 'leasehold'
import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import { wiring } from './wiring.ts'

/** Somebody who works at the clinic that the address names. */
export interface Session {
  readonly claims: StaffClaims
  readonly organization: Organization
  readonly tenant: TenantId
  /** What the policies are to know of them: to be given to `db.tenant()`, which takes nothing from the scope. */
  readonly settings: Readonly<Record<string, string>>
}

/** The clinic of the address in the browser; nothing for a host of no clinic. Asked for once for a page. */
export const findClinic: () => Promise<Organization | undefined> = cache(async () => {
  const sent = await headers()
  // Where an action redirects, Next.js asks itself for the page, by its own address; what the edge says stays as it was. Whoever could
  // forge it could as well forge the host: neither is more than the clinic that somebody asks for.
  const host = sent.get('x-forwarded-host') ?? sent.get('host')
  if (host === null) return undefined
  return (await wiring()).directory.byHost(host)
})

/** The clinic of the address in the browser. A host of no clinic is not found. */
export async function clinic(): Promise<Organization> {
  return (await findClinic()) ?? notFound()
}

/**
 * Says who a token is of, if it is one of the staff of a clinic.
 *
 * @throws {TokenRefusedError} for everybody else
 */
export async function staffOf(token: string, organization: Organization): Promise<StaffClaims> {
  const { directory } = await wiring()
  const claims = await verifyToken(token, { issuers: await directory.issuers() })
  requireTenant(claims, organization)
  if (claims.role !== 'staff') throw new TokenRefusedError('wrong-role')
  return claims
}

/** Who sends this request, to the clinic of its host; nothing where it is nobody of its staff. Asked for once for a page. */
export const findSession: () => Promise<Session | undefined> = cache(async () => {
  const organization = await clinic()
  const token = await readSession()
  if (token === undefined) return undefined
  try {
    const claims = await staffOf(token, organization)
    return { claims, organization, tenant: organization.tenantId, settings: settingsOf(claims) }
  } catch (error) {
    // A provider that does not answer is no reason to sign anybody out.
    if (error instanceof TokenRefusedError && error.status < 500) return undefined
    throw error
  }
})

/** The session of this request. Everybody else goes to the login. */
export async function requireStaff(): Promise<Session> {
  return (await findSession()) ?? redirect('/login')
}
