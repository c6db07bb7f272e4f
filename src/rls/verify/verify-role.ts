import { type RlsGap, RlsNotEnforcedError } from '../../errors/rls.ts'
import { isServerError } from '../../errors/server-error.ts'
import type { CatalogClient } from '../catalog/catalog-client.ts'
import { roleGaps } from './role-gaps.ts'
import { type RoleReport, reportRole } from './role-report.ts'
import { type ServerHoles, serverHoles, unreadableVersion } from './server-holes.ts'

const INSUFFICIENT_PRIVILEGE = '42501'

/** What has to hold for a pool. */
export interface RoleRules {
  /** The column that names the tenant of a row. */
  readonly tenantColumn: string
  /** What a server is that lacks the fix of a hole in row security; for `refuse`, also one whose version does not say. */
  readonly minServerPatch: 'warn' | 'refuse'
}

/** What was found of a pool that may be used. */
export interface VerifiedRole {
  readonly loginRole: string
  /** What its server lacks. */
  readonly holes: ServerHoles | undefined
}

/**
 * Makes sure that row security holds for who the sessions of a pool are. One round trip.
 *
 * @throws {RlsNotEnforcedError} it does not, or the role may not read the catalogs that say so
 * @throws the server's own error, or that of the connection
 */
export async function verifyRole(client: CatalogClient, rules: RoleRules): Promise<VerifiedRole> {
  return judgeRole(await readable(reportRole(client, rules.tenantColumn)), rules, new Date())
}

/**
 * Judges who the sessions of a pool are.
 *
 * @throws {RlsNotEnforcedError} row security does not hold for them, or the server is refused
 */
export function judgeRole(report: RoleReport, { minServerPatch }: RoleRules, now: Date): VerifiedRole {
  const holes = serverHoles(report.server, now)
  const gaps = [...roleGaps(report), ...(minServerPatch === 'refuse' ? serverGaps(report, holes, now) : [])]
  if (gaps.length > 0) throw new RlsNotEnforcedError(gaps)
  return { loginRole: report.loginRole, holes }
}

/** What is refused where a server must be known to have all fixes: also one of which nobody can say. */
function serverGaps({ server }: RoleReport, holes: ServerHoles | undefined, now: Date): readonly RlsGap[] {
  const unreadable = unreadableVersion(server, now)
  return [...(holes ? [{ cause: holes.cause, fix: holes.fix }] : []), ...(unreadable ? [unreadable] : [])]
}

/** Everybody may read the catalogs in question, unless somebody has taken that away. */
async function readable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    if (!isServerError(error) || error.code !== INSUFFICIENT_PRIVILEGE) throw error
    throw new RlsNotEnforcedError([
      {
        cause:
          'The login role may not read the catalogs that say who it is and what it owns, so nobody knows.',
        fix:
          'grant select on pg_catalog.pg_auth_members, pg_catalog.pg_roles, pg_catalog.pg_class, ' +
          'pg_catalog.pg_namespace, pg_catalog.pg_attribute to public; as PostgreSQL is installed.',
      },
    ])
  }
}
