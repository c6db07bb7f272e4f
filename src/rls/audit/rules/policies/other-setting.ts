import { FAILS } from '../../../expression/possible.ts'
import { COMPUTED } from '../../../expression/settings-in-source.ts'
import type { AuditRule } from '../../audit-rule.ts'
import type { AuditSubject } from '../../audit-subject.ts'
import { comparisonsOf } from './judgement/comparisons.ts'
import { probeTenants } from './judgement/contexts.ts'
import { listed, policyNamed } from './judgement/describe.ts'
import { Judgement } from './judgement/judgement.ts'
import { passagesOf } from './judgement/passages.ts'
import { type Policy, partsOf, type TenantTable } from './judgement/policy-table.ts'
import { asReached, type FoundOnTable } from './judgement/reach.ts'
import { settingsNamed } from './judgement/settings-named.ts'

/** A policy that goes by a setting that nobody sets shows nothing, until something else sets it for good. */
export const otherSetting: AuditRule = {
  id: 'other-setting',
  title: 'A policy goes by another setting than the one that is set',
  severity: 'error',
  find: async (subject) => {
    const judgement = await Judgement.of(subject)
    const found = judgement.tenantTables.flatMap((table) =>
      table.policies
        .filter(({ reachesApp }) => reachesApp)
        .flatMap((policy) => {
          const wrong = passing(table, policy, judgement) ?? comparing(table, policy, judgement, subject)
          return wrong ?? narrowing(table, policy, judgement, subject) ?? []
        }),
    )
    return asReached(found, subject)
  },
}

/** Rows follow the other setting. */
function passing(table: TenantTable, policy: Policy, judgement: Judgement): FoundOnTable | undefined {
  const passages = passagesOf(table, judgement).filter(
    (one) => one.policy === policy && one.kind === 'other-setting',
  )
  if (passages.length === 0) return undefined
  const settings = passages.flatMap(({ branch }) => branch.flatMap((part) => judgement.settings(part).others))
  return {
    table: table.oid,
    object: table.object,
    message: `The ${policyNamed(policy)} goes by ${listed(settingsNamed(settings))} where it asks for ${table.tenant.name}: which tenant's rows there are is not up to the tenant that is set, and what was left on a connection decides.`,
    fix: 'Compare with the setting that holds the tenant: `leasehold rls generate`.',
  }
}

/** There are no rows, as what the tenant is compared with is not the tenant that is set. */
function comparing(
  table: TenantTable,
  policy: Policy,
  judgement: Judgement,
  { options }: AuditSubject,
): FoundOnTable | undefined {
  const { own } = probeTenants(table.tenant.type)
  const values = partsOf(policy).flatMap((part) =>
    comparisonsOf(part, table, judgement).flatMap((comparison) => comparison.values),
  )
  const isWrong = values.some((value) => {
    const answer = judgement.evaluate(value, table.tenant, 'tenant', 'any')
    if (value.kind === 'constant' || answer === undefined) return false
    return !answer.has(own) && !answer.has(FAILS)
  })
  if (!isWrong) return undefined
  return {
    table: table.oid,
    object: table.object,
    severity: 'warning',
    message: `What the ${policyNamed(policy)} compares ${table.tenant.name} with is not what ${options.tenantSetting} holds, so that it shows no rows.`,
    fix: 'Compare with the setting that holds the tenant: `leasehold rls generate`.',
  }
}

/** Rows of the tenant are hidden unless something sets the other setting. */
function narrowing(
  table: TenantTable,
  policy: Policy,
  judgement: Judgement,
  { options }: AuditSubject,
): FoundOnTable | undefined {
  const declared = new Set([COMPUTED, ...options.settings.map((name) => name.toLowerCase())])
  const isBypass = passagesOf(table, judgement).some((one) => one.policy === policy && one.kind === 'setting')
  const unknown = partsOf(policy)
    .flatMap(({ expression }) => judgement.settings(expression).others)
    .filter((name) => name.includes('.') && !declared.has(name))
  if (unknown.length === 0 || isBypass) return undefined
  const settings = listed(settingsNamed(unknown))
  return {
    table: table.oid,
    object: table.object,
    severity: 'warning',
    message: `The ${policyNamed(policy)} reads ${settings}, which is not declared, so that it is never set with a transaction: rows are missing, or a value that was left on a connection decides.`,
    fix: `Declare ${settings} in \`settings\`, or correct the name.`,
  }
}
