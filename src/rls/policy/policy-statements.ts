import { partitionsOf, type TenantTable } from './choose-tables.ts'
import type { TableDescription } from './describe/schema-description.ts'
import { refersTo } from './foreign-key-changes.ts'
import type { PolicyPlan } from './policy-plan.ts'
import type { PolicyStatement } from './policy-statement.ts'
import { internalTable, partitionPrivileges, sharedTable } from './statements/declared-tables.ts'
import { replaceForeignKey } from './statements/foreign-keys.ts'
import { scopedKey } from './statements/keys.ts'
import { droppedPolicies, policies, replacedPolicies } from './statements/policies.ts'
import { rowSecurity } from './statements/row-security.ts'
import { sequencePrivileges } from './statements/sequences.ts'
import { surroundings } from './statements/surroundings.ts'
import { mayInsert, tablePrivileges } from './statements/table-privileges.ts'
import { leftoverCheck, tenantDefault, tenantNotNull } from './statements/tenant-column.ts'
import { missingIndex, tenantIndex } from './statements/tenant-index.ts'

/** The statements of a migration that makes a schema right, in the order in which they run, in one transaction. */
export function policyStatements(plan: PolicyPlan): readonly PolicyStatement[] {
  const { schema, options, chosen, keys, foreignKeys } = plan
  const withPartitions = (table: TableDescription) => [table, ...partitionsOf(schema, table)]
  const referring = Map.groupBy(foreignKeys, (foreign) => keys.find((key) => refersTo(foreign, key)))
  return distinct([
    ...surroundings(schema, chosen),
    ...chosen.tenants.flatMap((target) => [
      ...tenantDefault(target, options.tenantSetting),
      ...tenantNotNull(target, keys),
      ...leftoverCheck(target),
    ]),
    ...keys.map((change) => scopedKey(change, withPartitions, referring.get(change) ?? [])),
    ...(referring.get(undefined) ?? []).map((change) => replaceForeignKey(change, withPartitions)),
    ...chosen.tenants.flatMap((target) => wallStatements(target, plan)),
    ...chosen.shared.flatMap((table) => sharedTable(table, schema.role.ident)),
    ...chosen.internal.flatMap(internalTable),
  ])
}

/** What makes one table's rows its tenants' own, once its keys are right. */
function wallStatements(target: TenantTable, plan: PolicyPlan): readonly PolicyStatement[] {
  const { options, keys, names, schema } = plan
  const { table, partitions } = target
  const appRole = schema.role.ident
  const exact = options.privileges?.[table.object]
  const index = missingIndex(target, keys, names)
  return [
    ...(index ? [tenantIndex(target, index)] : []),
    ...policies(target, options, appRole),
    ...replacedPolicies(target, options, appRole),
    ...rowSecurity(table),
    ...partitions.flatMap((partition) => [
      ...rowSecurity(partition),
      ...droppedPolicies(partition),
      ...partitionPrivileges(partition),
    ]),
    ...tablePrivileges(target, appRole, exact),
    ...sequencePrivileges(target, appRole, mayInsert(target, exact)),
  ]
}

/** Two tables may draw from one sequence. */
function distinct(statements: readonly PolicyStatement[]): readonly PolicyStatement[] {
  return [...new Map(statements.map((statement) => [statement.sql, statement])).values()]
}
