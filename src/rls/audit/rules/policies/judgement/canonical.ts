import { isUsers } from '../../../../expression/catalog-names.ts'
import { TYPE } from '../../../../expression/read-constant.ts'
import { tenantComparison } from '../../../../expression/tenant-comparison.ts'
import { walk } from '../../../../expression/walk.ts'
import { quoteName, quoteText } from '../../../../sql/quote.ts'
import type { Judgement } from './judgement.ts'
import type { Policy, PolicyPart, TenantColumn, TenantTable } from './policy-table.ts'

/** The condition of the canonical policy: no rows without a tenant, and one look at the setting for each statement. */
export function canonicalCondition(tenant: TenantColumn, setting: string): string {
  const isText = tenant.type === TYPE.text || tenant.type === TYPE.varchar
  const value = `nullif(current_setting(${quoteText(setting)}, true), '')${isText ? '' : `::${tenant.typeName}`}`
  return `${quoteName(tenant.name)} = (select ${value})`
}

/**
 * The statement that gives a policy the canonical condition, where all that its own says is the same in a worse way: the tenant
 * is compared with its setting, and with nothing else.
 */
export function makeCanonical(
  table: TenantTable,
  policy: Policy,
  judgement: Judgement,
  setting: string,
): string | undefined {
  const parts = [policy.using, policy.check].filter((part) => part !== undefined)
  if (!parts.every((part) => comparesWithSetting(part, table, judgement))) return undefined
  const condition = canonicalCondition(table.tenant, setting)
  const clauses = parts.map(({ side }) =>
    side === 'using' ? `using (${condition})` : `with check (${condition})`,
  )
  return `alter policy ${quoteName(policy.name)} on ${table.ident} ${clauses.join(' ')};`
}

function comparesWithSetting(
  { expression }: PolicyPart,
  { tenant }: TenantTable,
  judgement: Judgement,
): boolean {
  const [branch = [], ...branches] = judgement.branches(expression)
  const [condition, ...conditions] = branch
  if (!condition || branches.length > 0 || conditions.length > 0) return false
  const { tenant: isRead, others } = judgement.settings(condition)
  const calls = walk(condition).filter(
    ({ expression: part }) => part.kind === 'call' && isUsers(judgement.names.function(part.function)),
  )
  return (
    isRead &&
    others.length === 0 &&
    calls.length === 0 &&
    tenantComparison(condition, tenant.number, judgement.names) !== undefined
  )
}
