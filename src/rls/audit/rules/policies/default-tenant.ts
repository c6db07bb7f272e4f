import type { AuditRule } from '../../audit-rule.ts'
import { type DefaultKind, defaultIn } from './judgement/defaults.ts'
import { policyNamed } from './judgement/describe.ts'
import { Judgement } from './judgement/judgement.ts'
import type { Policy, TenantTable } from './judgement/policy-table.ts'
import { asReached, type FoundOnTable } from './judgement/reach.ts'
import { settingDefaults } from './judgement/setting-defaults.ts'

/** A tenant that is there by default makes of every forgotten context a look into that tenant's rows. */
export const defaultTenant: AuditRule = {
  id: 'default-tenant',
  title: 'Where no tenant is set there is one all the same',
  severity: 'error',
  find: async (subject) => {
    const judgement = await Judgement.of(subject)
    const found = judgement.tenantTables.flatMap((table) =>
      table.policies.flatMap((policy) => {
        const kind = policy.reachesApp ? defaultIn(policy, table, judgement) : undefined
        return kind ? [report(table, policy, kind)] : []
      }),
    )
    return [...(await settingDefaults(subject)), ...(await asReached(found, subject))]
  },
}

function report({ oid, object, tenant }: TenantTable, policy: Policy, kind: DefaultKind): FoundOnTable {
  const where = `${policyNamed(policy)} compares ${tenant.name}`
  if (kind === 'fixed') {
    return {
      table: oid,
      object,
      severity: 'warning',
      message: `The ${where} with a fixed tenant too, whose rows are open to all other tenants, and without a tenant.`,
      fix: 'Keep what all tenants share in a table of its own, without a tenant, and declare it shared.',
    }
  }
  return {
    table: oid,
    object,
    message: `Where no tenant is set, ${where} with another one, so that a statement without a tenant reaches the rows of that one.`,
    fix: 'Let no tenant mean NULL, and so no rows: `leasehold rls generate` shows the canonical condition.',
  }
}
