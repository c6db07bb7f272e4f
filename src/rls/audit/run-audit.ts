import type { CatalogClient } from '../catalog/catalog-client.ts'
import type { Finding } from '../finding.ts'
import type { AuditOptions } from './audit-options.ts'
import { type AuditRule, toFinding } from './audit-rule.ts'
import { AuditSubject } from './audit-subject.ts'
import { RULES } from './rules/index.ts'

/**
 * Looks for every known way past the wall between tenants, as the application's login role would find it.
 *
 * @param client in a transaction, best one that is read only and repeatable read; its search_path is changed until its end
 * @returns what was found, in the order of the rules
 * @throws {ConfigError} when the role does not exist
 */
export async function runAudit(
  client: CatalogClient,
  options: AuditOptions,
  rules: readonly AuditRule[] = RULES,
): Promise<readonly Finding[]> {
  const subject = await AuditSubject.open(client, options)
  const findings: Finding[] = []
  for (const rule of rules) {
    for (const found of await rule.find(subject)) findings.push(toFinding(rule, found))
  }
  return findings
}
