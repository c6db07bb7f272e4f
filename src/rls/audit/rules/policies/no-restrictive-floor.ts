import { quoteName } from '../../../sql/quote.ts'
import type { AuditRule, Found } from '../../audit-rule.ts'
import { canonicalCondition } from './judgement/canonical.ts'
import { commandsOf, listed, policyNamed } from './judgement/describe.ts'
import { type Floor, floorOf } from './judgement/floor.ts'
import { Judgement } from './judgement/judgement.ts'
import { passagesOf } from './judgement/passages.ts'
import type { TenantTable } from './judgement/policy-table.ts'

/** Permissive policies are joined by OR, so that one more of them opens a table on which no restrictive one stands. */
export const noRestrictiveFloor: AuditRule = {
  id: 'no-restrictive-floor',
  title: 'One more policy would open the table',
  severity: 'warning',
  find: async (subject) => {
    const judgement = await Judgement.of(subject)
    return judgement.tenantTables.flatMap((table) => {
      const floor = floorOf(table, judgement)
      if (floor.open.length === 0) return []
      return [report(table, floor, isSafe(table, judgement) ? subject.options.tenantSetting : undefined)]
    })
  },
}

/** Whether a floor takes nothing away from anybody: all that see rows see those of their tenant only. */
function isSafe(table: TenantTable, judgement: Judgement): boolean {
  const readsSetting = table.policies.some(
    ({ using }) => using && judgement.settings(using.expression).tenant,
  )
  const isForApp = table.policies.every(({ permissive, reachesApp }) => !permissive || reachesApp)
  return readsSetting && isForApp && passagesOf(table, judgement).length === 0
}

/** @param setting where statements would take nothing away from anybody */
function report(table: TenantTable, { open, forAppOnly }: Floor, setting: string | undefined): Found {
  const { object, ident, tenant } = table
  if (forAppOnly.length > 0) {
    const names = listed(forAppOnly.map(policyNamed))
    return {
      object,
      message: `The restrictive ${names} holds ${tenant.name} for named roles only: not for the next role that is granted the table, and not for a role that drops itself from it (CVE-2026-116311).`,
      fix: 'Make it hold for all: ALTER POLICY … TO PUBLIC.',
      sql:
        setting &&
        forAppOnly.map(({ name }) => `alter policy ${quoteName(name)} on ${ident} to public;`).join('\n'),
    }
  }
  return {
    object,
    message: `For ${commandsOf(open)} no restrictive policy holds ${tenant.name}: permissive policies are joined by OR, so that the next one that is added in error opens the table.`,
    fix: 'Add the canonical restrictive policy, for PUBLIC and all commands: `leasehold rls generate`.',
    sql: setting && createFloor(table, setting),
  }
}

function createFloor({ ident, tenant, policies }: TenantTable, setting: string): string {
  const taken = new Set(policies.map(({ name }) => name))
  const names = ['tenant_floor', ...policies.map((_, index) => `tenant_floor_${index + 2}`)]
  const name = names.find((one) => !taken.has(one)) ?? 'tenant_floor'
  return `create policy ${name} on ${ident} as restrictive to public using (${canonicalCondition(tenant, setting)});`
}
