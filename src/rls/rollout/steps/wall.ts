import type { TenantTable } from '../../policy/choose-tables.ts'
import type { PolicyOptions } from '../../policy/policy-options.ts'
import { partitionPrivileges } from '../../policy/statements/declared-tables.ts'
import { droppedPolicies, policies, replacedPolicies } from '../../policy/statements/policies.ts'
import { rowSecurity } from '../../policy/statements/row-security.ts'
import { sequencePrivileges } from '../../policy/statements/sequences.ts'
import { mayInsert, tablePrivileges } from '../../policy/statements/table-privileges.ts'
import { briefStep, type RolloutStep } from '../rollout-step.ts'
import { endObserving } from './observe.ts'

/** Policies on a table whose row security is off do nothing, so that they can be there before it is turned on. */
export function policySteps(
  target: TenantTable,
  options: PolicyOptions,
  appRole: string,
): readonly RolloutStep[] {
  return target.table.rowSecurity ? [] : briefStep('prepare', policies(target, options, appRole))
}

/**
 * From no wall to the whole wall, with nothing in between.
 *
 * @param isObserved whether the table was observed before, so that it has none of the policies that are to stay
 */
export function wallSteps(
  target: TenantTable,
  options: PolicyOptions,
  appRole: string,
  isObserved: boolean,
): readonly RolloutStep[] {
  const { table, partitions } = target
  const exact = options.privileges?.[table.object]
  return [
    ...briefStep('enforce', [
      ...(table.rowSecurity || isObserved ? policies(target, options, appRole) : []),
      ...(isObserved ? [endObserving(target)] : []),
      ...replacedPolicies(target, options, appRole),
      ...rowSecurity(table),
    ]),
    ...partitions.flatMap((partition) => [
      ...briefStep('enforce', [...rowSecurity(partition), ...droppedPolicies(partition)]),
      ...briefStep('enforce', partitionPrivileges(partition)),
    ]),
    ...briefStep('enforce', tablePrivileges(target, appRole, exact)),
    ...briefStep('enforce', sequencePrivileges(target, appRole, mayInsert(target, exact))),
  ]
}
