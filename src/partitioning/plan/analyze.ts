import { objectOf } from '../check/relation-name.ts'
import type { ExpectedLock, PartitionStep } from './step.ts'
import type { TablePlanning } from './table-planning.ts'

/** ANALYZE ONLY, which leaves the partitions to autovacuum. */
const ANALYZE_ONLY = 180_000

/**
 * Has the planner know the partitions of a table again: autovacuum never analyzes a partitioned table itself. What is locked is skipped.
 *
 * @see https://www.postgresql.org/docs/current/sql-analyze.html
 */
export function planAnalyze(
  planning: TablePlanning,
  steps: readonly PartitionStep[],
): readonly PartitionStep[] {
  const { object, catalog, ident, attached } = planning
  const changed = steps.filter(
    ({ table, id }) => table === object && /\/(?:attach|detach|finalize)$/.test(id),
  )
  if (changed.length === 0) return []
  const only = catalog.serverVersion >= ANALYZE_ONLY
  const gone = changed.filter(({ id }) => !id.endsWith('/attach')).map(({ partition }) => partition)
  const made = changed.filter(({ id }) => id.endsWith('/attach')).map(({ partition }) => partition)
  const leaves = [
    ...attached.filter(({ name }) => !gone.includes(name)).map(objectOf),
    ...made.map((name) => `${planning.set.partsSchema}.${name}`),
    ...(planning.fallback ? [objectOf(planning.fallback)] : []),
  ]
  return [
    planning.step('analyze', planning.table.name, 'analyze', {
      kind: 'statement',
      purpose: 'Tells the planner of the partitions that have come or gone.',
      statements: [`analyze (skip_locked) ${only ? 'only ' : ''}${ident};`],
      locks: [
        { table: object, mode: 'SHARE UPDATE EXCLUSIVE' },
        ...leaves.map(
          (table): ExpectedLock => ({ table, mode: only ? 'ACCESS SHARE' : 'SHARE UPDATE EXCLUSIVE' }),
        ),
      ],
    }),
  ]
}
