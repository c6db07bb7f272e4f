import { RlsNotEnforcedError } from '../../errors/rls.ts'
import type { AuditOptions } from '../audit/audit-options.ts'
import { runAudit } from '../audit/run-audit.ts'
import type { CatalogClient } from '../catalog/catalog-client.ts'
import { placeOf } from '../report/place.ts'
import { printable } from '../report/printable.ts'

/**
 * Makes sure that an audit finds no error.
 *
 * @param client in no transaction
 * @throws {RlsNotEnforcedError} with what it found
 * @throws the server's own error, or that of the connection
 */
export async function verifyAudit(client: CatalogClient, options: AuditOptions): Promise<void> {
  await client.query('begin isolation level repeatable read read only')
  const findings = await runAudit(client, options)
  await client.query('commit')
  const gaps = findings
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, message, fix, ...finding }) => ({
      cause: `${printable(placeOf(finding))}: ${message} (${rule})`,
      fix,
    }))
  if (gaps.length > 0) throw new RlsNotEnforcedError(gaps)
}
