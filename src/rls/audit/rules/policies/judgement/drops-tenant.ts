import { readsColumn } from '../../../../expression/walk.ts'
import type { Passage } from './passages.ts'
import type { TenantTable } from './policy-table.ts'

/** Whether a passage is there because WITH CHECK does not ask for the row's tenant. */
export function dropsTenant({ part, kind, policy }: Passage, { tenant }: TenantTable): boolean {
  if (part.side === 'using' || !policy.permissive) return false
  // An INSERT policy that is always true drops nothing, as it holds nothing: another rule says that.
  if (kind === 'always') return policy.command !== 'a'
  return (kind === 'columns' || kind === 'setting') && !readsColumn(part.expression, tenant.number)
}
