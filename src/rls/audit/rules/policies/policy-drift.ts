import { mayBeTrue } from '../../../expression/possible.ts'
import type { AuditRule, Found } from '../../audit-rule.ts'
import { isCompared } from './judgement/comparisons.ts'
import { commandsOf, policyNamed } from './judgement/describe.ts'
import { dropsTenant } from './judgement/drops-tenant.ts'
import { Judgement } from './judgement/judgement.ts'
import { missingDefaults } from './judgement/missing-defaults.ts'
import { openWithoutTenant } from './judgement/open-without-tenant.ts'
import { opensAll } from './judgement/opens-all.ts'
import { type Passage, passagesOf } from './judgement/passages.ts'
import type { TenantTable } from './judgement/policy-table.ts'
import { tenantSources } from './judgement/sources.ts'
import { type StagePart, stagesOf } from './judgement/stages.ts'

/** Longer conditions are not shown whole. */
const SHOWN = 200

/**
 * The canonical policy, whatever the type of the key and the way it is written, keeps a command to rows whose tenant equals the
 * setting. More conditions that all have to hold make no difference; what does is reported here unless another rule says it already.
 *
 * So is a table whose tenant is not filled in from the setting as those of most others are.
 */
export const policyDrift: AuditRule = {
  id: 'policy-drift',
  title: 'A table’s policies, or its tenant’s default, differ from the canonical ones',
  severity: 'warning',
  find: async (subject) => {
    const judgement = await Judgement.of(subject)
    const sources = tenantSources(judgement)
    const found = judgement.tenantTables.flatMap((table) => {
      const source = sources.differenceOf(table)
      const differences = [
        ...ofPassages(table, judgement),
        ...ofRowsWithoutTenant(table, judgement),
        ...ofForm(table, judgement),
        ...(source ? [source] : []),
      ]
      return differences.length > 0 ? [report(table, differences)] : []
    })
    return [...found, ...(await missingDefaults(subject))]
  },
}

function report({ object }: TenantTable, differences: readonly string[]): Found {
  return {
    object,
    message: `The policies differ from the canonical one. ${differences.join(' ')}`,
    fix: 'Replace them by the canonical policies (`leasehold rls generate`); what shall narrow them more can be restrictive.',
  }
}

function ofPassages(table: TenantTable, judgement: Judgement): readonly string[] {
  const passages = passagesOf(table, judgement).filter((passage) => isDrift(passage, table))
  const { name } = table.tenant
  return [...new Map(passages.map((passage) => [passage.part, passage])).values()].map((passage) => {
    const { policy, stages, kind, part } = passage
    const how =
      kind === 'columns'
        ? `lets rows of other tenants through that other columns or tables choose (${commandsOf(stages)})`
        : `asks for ${name} otherwise than by comparing it with the setting`
    const { text } = part
    return `The ${policyNamed(policy)} ${how}: ${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}.`
  })
}

function isDrift(passage: Passage, table: TenantTable): boolean {
  if (!passage.policy.permissive) return false
  if (passage.kind === 'columns') return !opensAll(passage, table) && !dropsTenant(passage, table)
  return passage.kind === 'unclear'
}

/** Rows whose tenant is NULL belong to nobody, and are nobody's to see. */
function ofRowsWithoutTenant(table: TenantTable, judgement: Judgement): readonly string[] {
  const { tenant } = table
  if (tenant.required || passagesOf(table, judgement).length > 0) return []
  const lets = ({ part }: StagePart) =>
    mayBeTrue(judgement.evaluate(part.expression, tenant, 'tenant', { tenant: null }))
  const open = stagesOf(table).filter(
    ({ permissive, restrictive }) => permissive.some(lets) && restrictive.every(lets),
  )
  if (open.length === 0) return []
  return [`Rows whose ${tenant.name} is NULL are open to every tenant by ${commandsOf(open)}.`]
}

/** Commands that keep other tenants out, but not by a comparison. */
function ofForm(table: TenantTable, judgement: Judgement): readonly string[] {
  if (passagesOf(table, judgement).length > 0 || openWithoutTenant(table, judgement).size > 0) return []
  const odd = stagesOf(table).filter((stage) => !isCompared(stage, table, judgement, () => true))
  if (odd.length === 0) return []
  return [
    `For ${commandsOf(odd)} other tenants are kept out otherwise than by comparing ${table.tenant.name}.`,
  ]
}
