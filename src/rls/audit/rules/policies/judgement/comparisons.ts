import type { Branch } from '../../../../expression/branches.ts'
import { mayBeTrue } from '../../../../expression/possible.ts'
import { type TenantComparison, tenantComparison } from '../../../../expression/tenant-comparison.ts'
import type { Judgement } from './judgement.ts'
import type { PolicyPart, TenantTable } from './policy-table.ts'
import type { Stage } from './stages.ts'

/** The comparisons of the tenant in a branch. */
export function comparisonsIn(
  branch: Branch,
  { tenant }: TenantTable,
  judgement: Judgement,
): readonly TenantComparison[] {
  return branch.flatMap((condition) => tenantComparison(condition, tenant.number, judgement.names) ?? [])
}

/** The comparisons of the tenant anywhere in a condition of a policy. */
export function comparisonsOf(
  part: PolicyPart,
  table: TenantTable,
  judgement: Judgement,
): readonly TenantComparison[] {
  return judgement.branches(part.expression).flatMap((branch) => comparisonsIn(branch, table, judgement))
}

/** Whether every row that a command reaches has gone through a comparison of a certain kind. */
export function isCompared(
  { permissive, restrictive }: Stage,
  table: TenantTable,
  judgement: Judgement,
  isRight: (comparison: TenantComparison) => boolean,
): boolean {
  const isEvery = (part: PolicyPart) =>
    judgement
      .branches(part.expression)
      .filter((branch) => mayBeTrue(judgement.evaluateBranch(branch, table.tenant, 'tenant', 'own')))
      .every((branch) => comparisonsIn(branch, table, judgement).some(isRight))
  return restrictive.some(({ part }) => isEvery(part)) || permissive.every(({ part }) => isEvery(part))
}
