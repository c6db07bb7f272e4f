import { readsColumn } from '../../../../expression/walk.ts'
import type { Passage } from './passages.ts'
import type { TenantTable } from './policy-table.ts'

/** Whether a policy lets any row through, or any that other columns choose while no policy beside it asks for the tenant. */
export function opensAll({ part, kind, stages, policy }: Passage, { tenant }: TenantTable): boolean {
  // What WITH CHECK lets through beside a USING that holds the tenant is another matter.
  const isAlone = part.side === 'using' || policy.command === 'a'
  if (!policy.permissive || !isAlone) return false
  if (kind === 'always') return true
  if (kind !== 'columns' || part.side === 'check') return false
  return stages.some(({ permissive }) =>
    permissive.every(({ part: other }) => !readsColumn(other.expression, tenant.number)),
  )
}
