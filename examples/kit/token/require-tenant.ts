import type { Claims } from './claims.ts'
import { TokenRefusedError } from './token-refused-error.ts'

/** What decides whose tokens are good for a clinic: its row of `organization_domains`. */
export interface TenantOfToken {
  readonly tenantId: string
  /** The issuer of its users: the shared one, or for a dedicated tenant its own. */
  readonly issuer: string
}

/**
 * Lets through who may work with a clinic's data, and returns the clinic's tenant id.
 *
 * The issuer is compared first, and for every role: who holds the key of one issuer can write any tenant into a token. So a dedicated
 * tenant's issuer is believed about that tenant only, and the shared one about every tenant but the dedicated.
 *
 * @throws {TokenRefusedError} `wrong-issuer`, `wrong-tenant`, and `wrong-role` for an operator, who sees no tenant's rows
 */
export function requireTenant(claims: Claims, { tenantId, issuer }: TenantOfToken): string {
  if (claims.iss !== issuer) throw new TokenRefusedError('wrong-issuer')
  switch (claims.role) {
    case 'staff':
      if (claims.tenant === tenantId) return tenantId
      break
    case 'patient':
      if (claims.clinics.includes(tenantId)) return tenantId
      break
    case 'operator':
      throw new TokenRefusedError('wrong-role')
  }
  throw new TokenRefusedError('wrong-tenant')
}
