import { ConfigError } from '../errors/config.ts'
import type { AuditOnStart, VerifyOptions } from './verify-options.ts'

/** How a pool is checked before its first use, after every check of the options. */
export interface ResolvedVerify {
  readonly minServerPatch: 'warn' | 'refuse'
  /** What an audit is told; without it there is none. */
  readonly audit: Required<AuditOnStart['audit']> | undefined
}

/**
 * Checks the options `verifyOnStart` and `minServerPatch`.
 *
 * @returns nothing where nothing is to be checked
 * @throws {ConfigError} naming the option's path
 */
export function resolveVerify({
  verifyOnStart = 'role',
  minServerPatch = 'warn',
}: VerifyOptions): ResolvedVerify | undefined {
  if (minServerPatch !== 'warn' && minServerPatch !== 'refuse') {
    throw new ConfigError("options.minServerPatch must be 'warn' or 'refuse'.")
  }
  switch (verifyOnStart) {
    case false:
      return undefined
    case 'role':
      return Object.freeze({ minServerPatch, audit: undefined })
    case 'audit':
      return Object.freeze({ minServerPatch, audit: resolveAudit({}) })
    default:
      if (
        typeof verifyOnStart !== 'object' ||
        typeof verifyOnStart?.audit !== 'object' ||
        verifyOnStart.audit === null
      ) {
        throw new ConfigError("options.verifyOnStart must be 'role', 'audit', { audit: { … } } or false.")
      }
      return Object.freeze({ minServerPatch, audit: resolveAudit(verifyOnStart.audit) })
  }
}

/** @throws {ConfigError} */
function resolveAudit(given: AuditOnStart['audit']): Required<AuditOnStart['audit']> {
  const { shared = [], tenantColumns = {}, backupRoles = [] } = given
  const path = 'options.verifyOnStart.audit'
  if (!isTexts(shared)) throw new ConfigError(`${path}.shared must be an array of tables, as 'schema.table'.`)
  if (!isTexts(backupRoles)) throw new ConfigError(`${path}.backupRoles must be an array of roles.`)
  if (typeof tenantColumns !== 'object' || !isTexts(Object.values(tenantColumns ?? [0]))) {
    throw new ConfigError(`${path}.tenantColumns must give the name of a column for each 'schema.table'.`)
  }
  return Object.freeze({ shared, tenantColumns, backupRoles })
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
