import type { AuditRule, Found } from '../../audit-rule.ts'
import { makeCanonical } from './judgement/canonical.ts'
import { comparisonsOf, isCompared } from './judgement/comparisons.ts'
import { policyNamed } from './judgement/describe.ts'
import { Judgement } from './judgement/judgement.ts'
import type { Policy, TenantTable } from './judgement/policy-table.ts'
import { stagesOf } from './judgement/stages.ts'

/** An index on a column does not serve a condition on what a cast or a function makes of it. */
export const tenantColumnCast: AuditRule = {
  id: 'tenant-column-cast',
  title: 'A policy casts the tenant column, so that no index serves',
  severity: 'warning',
  find: async (subject) => {
    const judgement = await Judgement.of(subject)
    return judgement.tenantTables.flatMap((table) =>
      wrappingPolicies(table, judgement).map((policy): Found => {
        const { object, tenant } = table
        return {
          object,
          message: `The ${policyNamed(policy)} compares ${tenant.name} inside a cast or a function, and nothing compares it bare: every statement reads the rows of all tenants to find its own.`,
          fix: `Cast the setting to ${tenant.typeName}, and not the column.`,
          sql: makeCanonical(table, policy, judgement, subject.options.tenantSetting),
        }
      }),
    )
  },
}

/** WITH CHECK looks at rows that are there already. */
function wrappingPolicies(table: TenantTable, judgement: Judgement): readonly Policy[] {
  const slow = stagesOf(table).filter(
    (stage) =>
      stage.side === 'using' && !isCompared(stage, table, judgement, ({ column }) => column === 'bare'),
  )
  const parts = slow.flatMap(({ permissive, restrictive }) => [...permissive, ...restrictive])
  const wrapping = parts.filter(({ part }) =>
    comparisonsOf(part, table, judgement).some(({ column }) => column === 'wrapped'),
  )
  return [...new Set(wrapping.map(({ policy }) => policy))]
}
