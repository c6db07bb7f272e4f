import { createContexts } from './context/probe-context.ts'
import { unknownTenantId } from './context/unknown-tenant.ts'
import type { ProbeClient, ProbeOptions, ProbeTenant } from './probe-options.ts'
import { type ProbeFinding, ProbeReport } from './report/probe-report.ts'
import { readRelation } from './schema/probed-schema.ts'
import { ProbeSession } from './session/probe-session.ts'
import { probeConflicts } from './write/conflicts.ts'
import { probeForeignKeys } from './write/foreign-keys.ts'
import { openSubject } from './write/write-subject.ts'

const LIMITS = { role: undefined, statementTimeoutMs: 20_000, lockTimeoutMs: 5_000 }

/** Whose keys are tried, and for whom. */
export interface KeyProbe extends Pick<ProbeOptions, 'tenantColumn' | 'tenantSetting'> {
  /** The role that the client's session is. */
  readonly role: string
  readonly tenants: readonly [ProbeTenant, ProbeTenant]
  /** `schema.name`. */
  readonly object: string
}

/**
 * Tries the keys of one table, which PostgreSQL checks without policies: ON CONFLICT on a key that tenants share, and a row that
 * refers to one of the other tenant's. All of it is rolled back.
 *
 * @param client in no transaction
 * @returns what was found; nothing of a view, or where a write would reach out of the transaction
 * @throws the server's own error, or that of the connection, when there is no going on
 */
export async function probeKeys(client: ProbeClient, probe: KeyProbe): Promise<readonly ProbeFinding[]> {
  const { role, tenants, tenantSetting, object } = probe
  const relation = await readRelation(client, role, probe, object)
  if (!relation || !['r', 'p'].includes(relation.kind) || relation.outside !== null) return []
  const unknownId = unknownTenantId(tenants.map(({ id }) => id))
  const { first, second, unknown } = createContexts(tenantSetting, tenants, unknownId)
  const report = new ProbeReport()
  const session = new ProbeSession(client, LIMITS)
  // Both ways, as only one of the two may have a row to refer to, or to collide with.
  for (const [actor, victim] of [
    [first, second],
    [second, first],
  ] as const) {
    await session.writing(async (transaction) => {
      const subject = await openSubject(transaction, relation, { actor, victim, unknown })
      await probeConflicts(subject, report)
      await probeForeignKeys(subject, report)
    })
  }
  const found = new Map(report.findings().map((finding) => [finding.message, finding]))
  return [...found.values()].filter(({ rule }) => rule !== 'probe-incomplete')
}
