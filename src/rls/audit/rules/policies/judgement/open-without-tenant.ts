import { isAlways } from '../../../../expression/possible.ts'
import { readsColumn } from '../../../../expression/walk.ts'
import { type Context, NO_TENANT } from './contexts.ts'
import type { Judgement } from './judgement.ts'
import type { Policy, PolicyPart, TenantTable } from './policy-table.ts'
import { type Stage, stagesOf } from './stages.ts'

/** When a policy is open, and to what. */
export interface Opening {
  readonly context: Context
  readonly stage: Stage
}

/** The policies by which a row of any tenant passes where no tenant is set, though not where one is. */
export function openWithoutTenant(
  table: TenantTable,
  judgement: Judgement,
): ReadonlyMap<Policy, readonly Opening[]> {
  const open = new Map<Policy, Opening[]>()
  const lets = (part: PolicyPart, context: Context) => isAlways(judgement.outcome(table, part, context), 't')
  for (const stage of stagesOf(table)) {
    for (const context of NO_TENANT) {
      const passed = stage.permissive.filter(({ part }) => lets(part, context) && !lets(part, 'tenant'))
      if (passed.length === 0 || !stage.restrictive.every(({ part }) => lets(part, context))) continue
      const floors = stage.restrictive.filter(({ part }) => readsColumn(part.expression, table.tenant.number))
      for (const { policy } of [...passed, ...floors]) {
        open.set(policy, [...(open.get(policy) ?? []), { context, stage }])
      }
    }
  }
  return open
}
