import type { Leaf, LooseTable } from '../../catalog/partition-catalog.ts'
import { hardenStatements } from '../../check/harden-statements.ts'
import { objectOf } from '../../check/relation-name.ts'
import { looseRole } from '../loose-role.ts'
import type { ExpectedLock, PartitionStep } from '../step.ts'
import type { TablePlanning } from '../table-planning.ts'

/** Whoever reads or writes the month waits behind the lock that this waits for. */
const LOCK_TIMEOUT_MS = 50
/** GRANT and REVOKE lock the table since. */
const REVOKE_LOCKS = 180_000

/** Closes partitions that can be reached by their own name: made by hand, restored from a dump, or granted since. */
export function hardenSteps(planning: TablePlanning): readonly PartitionStep[] {
  const { attached, fallback, state } = planning
  const loose = state.loose.filter((each) => ['settled', 'staged'].includes(looseRole(planning, each)))
  return [...attached, ...(fallback ? [fallback] : []), ...loose].flatMap((relation) =>
    hardenStep(planning, relation),
  )
}

function hardenStep(planning: TablePlanning, relation: Leaf | LooseTable): readonly PartitionStep[] {
  const statements = hardenStatements(relation, planning.parent.owner)
  if (statements.length === 0) return []
  return [
    planning.step('reconcile', planning.label(relation.name), 'harden', {
      partition: relation.name,
      purpose: 'Closes the partition to whoever names it: through the table it is reached all the same.',
      statements,
      locks: locksOf(planning, relation, statements),
      lockTimeoutMs: LOCK_TIMEOUT_MS,
      chain: `harden/${planning.object}/${planning.label(relation.name)}`,
    }),
  ]
}

function locksOf(
  { catalog }: TablePlanning,
  relation: Leaf | LooseTable,
  statements: readonly string[],
): readonly ExpectedLock[] {
  const table = objectOf(relation)
  if (statements.some((statement) => !statement.startsWith('revoke '))) {
    return [{ table, mode: 'ACCESS EXCLUSIVE' }]
  }
  return catalog.serverVersion >= REVOKE_LOCKS ? [{ table, mode: 'ACCESS SHARE' }] : []
}
