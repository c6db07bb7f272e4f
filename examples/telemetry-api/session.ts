import { bearerOf, RequestRefusedError, requireTenant, TokenRefusedError, verifyToken } from '@clinic/kit'
import type { Directory, Organization } from '@clinic/schema'
import type { Context } from 'hono'
import type { Identity } from 'leasehold/hono'

/**
 * For leasehold's middleware: who tells, and of which clinic, once both are verified. Staff tell of their own; a patient of several
 * says which, by `?clinic=`, and the token whether it may be.
 */
export function identifyBy(directory: Directory) {
  return async ({ req }: Context): Promise<Identity> => {
    const claims = await verifyToken(bearerOf(req.header('authorization')), {
      issuers: await directory.issuers(),
    })
    const slug = req.query('clinic')
    const organization = await find(directory, slug, 'tenant' in claims ? claims.tenant : undefined)
    if (!organization) throw new RequestRefusedError(404, 'There is no such clinic.')
    const tenant = requireTenant(claims, organization)
    if (claims.role === 'operator') throw new TokenRefusedError('wrong-role')
    return { tenant, subject: claims.sub, settings: { 'app.user_id': claims.sub } }
  }
}

async function find(
  directory: Directory,
  slug: string | undefined,
  tenant: string | undefined,
): Promise<Organization | undefined> {
  if (slug !== undefined) return directory.bySlug(slug)
  if (tenant !== undefined) return directory.byTenant(tenant)
  throw new RequestRefusedError(400, 'Say which clinic: ?clinic=.')
}
