import { callsPerRow } from '../../../expression/calls-per-row.ts'
import type { AuditRule, Found } from '../../audit-rule.ts'
import type { AuditSubject } from '../../audit-subject.ts'
import { makeCanonical } from './judgement/canonical.ts'
import { listed, policyNamed } from './judgement/describe.ts'
import { Judgement } from './judgement/judgement.ts'
import { isTenantTable, type Policy, type PolicyTable } from './judgement/policy-table.ts'

/**
 * A subquery that reads nothing from outside is an InitPlan, which runs once for a statement. WITH CHECK sees only rows that are
 * written, one by one, so it does not matter there.
 */
export const settingPerRow: AuditRule = {
  id: 'setting-per-row',
  title: 'A policy looks a setting up for each row',
  severity: 'warning',
  find: async (subject) => {
    const judgement = await Judgement.of(subject)
    return judgement.tables.flatMap((table) =>
      table.policies
        .filter(({ reachesApp }) => reachesApp)
        .flatMap((policy) => report(table, policy, judgement, subject) ?? []),
    )
  },
}

function report(
  table: PolicyTable,
  policy: Policy,
  judgement: Judgement,
  { options }: AuditSubject,
): Found | undefined {
  const { names } = judgement
  const calls = policy.using ? callsPerRow(policy.using.expression, names) : []
  if (calls.length === 0) return undefined
  const functions = new Set(calls.map((call) => `${names.function(call.function)?.name ?? '?'}()`))
  return {
    object: table.object,
    message: `The ${policyNamed(policy)} calls ${listed([...functions])} for each row that is read, and not once for the statement.`,
    fix: 'Put the call into a subquery of its own: (select …).',
    sql: isTenantTable(table) ? makeCanonical(table, policy, judgement, options.tenantSetting) : undefined,
  }
}
