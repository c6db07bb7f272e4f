import type { Leaf } from '../../catalog/partition-catalog.ts'
import { identOf, objectOf } from '../../check/relation-name.ts'
import type { ExpectedLock, PartitionStep } from '../step.ts'
import type { TablePlanning } from '../table-planning.ts'

/** It waits outside of the queues for those who use the table; only who names the partition waits behind it. */
const PATIENT_MS = 30_000
/** Whoever writes a table that a foreign key refers to waits behind the second phase. */
const WITH_OTHERS_MS = 1_000

/**
 * Detaches a partition while its parent is read and written. Interrupted, it leaves a detach that is pending, which the next run ends.
 *
 * @see https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION
 */
export function detachStep(planning: TablePlanning, leaf: Leaf, chain: string): PartitionStep {
  return planning.step('retire', planning.label(leaf.name), 'detach', {
    partition: leaf.name,
    kind: 'statement',
    purpose: 'Detaches the partition while the table is read and written; its rows are no longer seen.',
    statements: [`alter table ${planning.ident} detach partition ${identOf(leaf)} concurrently;`],
    ...detachTerms(planning, leaf),
    chain,
  })
}

/** Ends a detach that was interrupted. It may be in a transaction, unlike the detach itself. */
export function finalizeStep(planning: TablePlanning, leaf: Leaf, chain: string): PartitionStep {
  return planning.step('reconcile', planning.label(leaf.name), 'finalize', {
    partition: leaf.name,
    purpose: 'Ends the detach that was interrupted: until then no other partition can be detached.',
    statements: [`alter table ${planning.ident} detach partition ${identOf(leaf)} finalize;`],
    ...detachTerms(planning, leaf),
    chain,
  })
}

function detachTerms(
  { object, relatedTables }: TablePlanning,
  leaf: Leaf,
): Pick<PartitionStep, 'locks' | 'lockTimeoutMs'> {
  const others = new Set([
    ...relatedTables,
    ...leaf.foreignKeys.map(({ table }) => table),
    ...leaf.referencedBy.map(({ table }) => table),
  ])
  others.delete(object)
  return {
    locks: [
      { table: object, mode: 'SHARE UPDATE EXCLUSIVE' },
      { table: objectOf(leaf), mode: 'ACCESS EXCLUSIVE' },
      ...[...others].map((table): ExpectedLock => ({ table, mode: 'SHARE ROW EXCLUSIVE' })),
    ],
    lockTimeoutMs: others.size > 0 ? WITH_OTHERS_MS : PATIENT_MS,
  }
}
