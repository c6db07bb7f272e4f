import {
  bearerOf,
  type Claims,
  RequestRefusedError,
  requireTenant,
  settingsOf,
  TokenRefusedError,
  verifyToken,
} from '@clinic/kit'
import type { Directory, Organization } from '@clinic/schema'
import type { FastifyRequest } from 'fastify'
import type { TenantId } from 'leasehold'
import type { Identity } from 'leasehold/fastify'

/** Who sends a request, and to which clinic. */
export interface Session {
  readonly claims: Claims
  readonly organization: Organization
  readonly tenant: TenantId
  /** What the policies are to know of them: to be given to `db.tenant()`, which takes nothing from the scope. */
  readonly settings: Readonly<Record<string, string>>
}

/** Not on the request, where a plugin could put one. */
const sessions = new WeakMap<FastifyRequest, Session>()
const signedIn = new WeakMap<FastifyRequest, Claims>()

/**
 * A hook that refuses who has no good token, and for a route with `:slug` who may not work with that clinic.
 *
 * The tenant is that of the clinic's row in `organization_domains`. The path only says which row, and the token whether it may be.
 */
export function signIn(directory: Directory) {
  return async (request: FastifyRequest): Promise<void> => {
    const claims = await verifyToken(bearerOf(request.headers.authorization), {
      issuers: await directory.issuers(),
    })
    signedIn.set(request, claims)
    const { slug } = request.params as { slug?: string }
    if (slug === undefined) return
    const organization = await directory.bySlug(slug)
    if (!organization) throw new RequestRefusedError(404, 'There is no such clinic.')
    requireTenant(claims, organization)
    sessions.set(request, {
      claims,
      organization,
      tenant: organization.tenantId,
      settings: settingsOf(claims),
    })
  }
}

/** For leasehold's plugin: the scope of a request to a clinic. Tokens of one user are of no use to another. */
export function identify(request: FastifyRequest): Identity | undefined {
  const session = sessions.get(request)
  return session && { tenant: session.tenant, subject: session.claims.sub, settings: session.settings }
}

/** The session of a request to a clinic. */
export function sessionOf(request: FastifyRequest): Session {
  const session = sessions.get(request)
  if (!session) throw new TokenRefusedError('missing')
  return session
}

/** What the token of a request says, whether or not it is to a clinic. */
export function claimsOf(request: FastifyRequest): Claims {
  const claims = signedIn.get(request)
  if (!claims) throw new TokenRefusedError('missing')
  return claims
}

/**
 * A hook for what is not for patients. The policies would show them their own rows only; what is asked here is whether it is theirs
 * to do at all.
 */
export async function staffOnly(request: FastifyRequest): Promise<void> {
  if (sessionOf(request).claims.role !== 'staff') throw new TokenRefusedError('wrong-role')
}

/** A hook for what is about the person who asks. */
export async function patientOnly(request: FastifyRequest): Promise<void> {
  if (claimsOf(request).role !== 'patient') throw new TokenRefusedError('wrong-role')
}
