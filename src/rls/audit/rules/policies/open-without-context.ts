import type { AuditRule, Found } from '../../audit-rule.ts'
import type { Context } from './judgement/contexts.ts'
import { commandsOf, listed, policyNamed } from './judgement/describe.ts'
import { Judgement } from './judgement/judgement.ts'
import { type Opening, openWithoutTenant } from './judgement/open-without-tenant.ts'
import type { Policy, TenantTable } from './judgement/policy-table.ts'
import { asReached, type FoundOnTable } from './judgement/reach.ts'

const CONTEXTS: Readonly<Record<Context, string>> = {
  unset: 'was never set',
  empty: "is ''",
  null: "is 'null'",
  tenant: 'is set',
}

/** A policy must let nothing through where no tenant is set, as that is what every forgotten line of code comes down to. */
export const openWithoutContext: AuditRule = {
  id: 'open-without-context',
  title: 'Without a tenant, a policy lets the rows of all tenants through',
  severity: 'error',
  find: async (subject) => {
    const judgement = await Judgement.of(subject)
    const found = judgement.tenantTables.flatMap((table) =>
      [...openWithoutTenant(table, judgement)].map(([policy, openings]) =>
        report(table, policy, openings, subject.options.tenantSetting),
      ),
    )
    return [...(await asReached(found, subject)), ...[...judgement.untried].map(reportUntried)]
  },
}

function report(
  { oid, object }: TenantTable,
  policy: Policy,
  openings: readonly Opening[],
  setting: string,
): FoundOnTable {
  const contexts = listed([...new Set(openings.map(({ context }) => CONTEXTS[context]))]).replace(
    ' and ',
    ' or ',
  )
  const commands = commandsOf(openings.map(({ stage }) => stage))
  return {
    table: oid,
    object,
    message: `Where ${setting} ${contexts}, the condition of ${policyNamed(policy)} is true for a row of any tenant: a statement without a tenant reaches all rows by ${commands}.`,
    fix: 'Compare so that no tenant means no rows: `leasehold rls generate` shows the canonical condition.',
  }
}

function reportUntried(object: string): Found {
  return {
    object,
    severity: 'info',
    message:
      "What this does without a tenant could not be tried: the audit may not take the application's role, or it took too long.",
    fix: "Audit with a role that is a member of the application's.",
  }
}
