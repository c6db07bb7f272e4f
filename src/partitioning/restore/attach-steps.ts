import { quoteName } from '../../rls/sql/quote.ts'
import { attachPastPolicies } from '../plan/sql/attach-past-policies.ts'
import { LEDGER_LOCK, noteAnew, noteState } from '../plan/sql/ledger-notes.ts'
import type { ExpectedLock, PartitionStep } from '../plan/step.ts'
import { attachTable, dropCheck, notedOf, tableOf } from './restore-sql.ts'
import type { RestoredPartition, RestoreTarget } from './restore-target.ts'

const LOCK_TIMEOUT_MS = 100

/** The step that attaches a table which `loadArchive` has filled: without a scan for its bounds, thanks to the CHECK. */
export function attachSteps(target: RestoreTarget, partition: RestoredPartition): PartitionStep[] {
  return [
    {
      ...stepOf(target, partition, 'attach'),
      purpose: `Attaches ${target.partsSchema}.${partition.name}, whose rows were compared with the manifest of its archive.`,
      statements: [
        ...attach(target, partition),
        dropCheck(target, partition),
        noteState(notedOf(target, partition), 'attached'),
      ],
      locks: attachLocks(target, `${target.partsSchema}.${partition.name}`),
      undo: `alter table ${quoteName(target.schema)}.${quoteName(target.table)} detach partition ${tableOf(target, partition)} concurrently;`,
    },
  ]
}

/**
 * The step that takes back a detach, as long as the table was not dropped. DETACH CONCURRENTLY has left a CHECK of the bounds behind, so
 * that nothing is scanned for them; a foreign key of the parent's is made again, for which its rows are looked up in the other table.
 *
 * @see https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION
 */
export function reattachSteps(
  target: RestoreTarget,
  detachedSchema: string,
  partition: RestoredPartition,
): PartitionStep[] {
  const detached = `${detachedSchema}.${partition.name}`
  const moved = tableOf(target, partition)
  return [
    {
      ...stepOf(target, partition, 'reattach'),
      purpose: `Takes back the detach of ${detached}: its rows are seen through ${target.schema}.${target.table} again.`,
      statements: [
        `alter table ${quoteName(detachedSchema)}.${quoteName(partition.name)} set schema ${quoteName(target.partsSchema)};`,
        ...attach(target, partition),
        `comment on table ${moved} is null;`,
        noteAnew([notedOf(target, partition)], 'attached'),
      ],
      locks: attachLocks(target, detached),
      undo: `alter table ${quoteName(target.schema)}.${quoteName(target.table)} detach partition ${moved} concurrently;`,
    },
  ]
}

function attach(target: RestoreTarget, partition: RestoredPartition): readonly string[] {
  return attachPastPolicies(attachTable(target, partition), {
    ident: tableOf(target, partition),
    owner: target.owner,
    hasForeignKeys: target.foreignTables.length > 0,
  })
}

function stepOf(
  target: RestoreTarget,
  partition: RestoredPartition,
  name: string,
): Pick<PartitionStep, 'id' | 'phase' | 'table' | 'partition' | 'kind' | 'lockTimeoutMs' | 'chain'> {
  const table = `${target.schema}.${target.table}`
  return {
    id: `restore/${table}/${partition.name}/${name}`,
    phase: 'restore',
    table,
    partition: partition.name,
    kind: 'transaction',
    lockTimeoutMs: LOCK_TIMEOUT_MS,
    chain: `restore/${table}/${partition.name}`,
  }
}

function attachLocks(target: RestoreTarget, table: string): ExpectedLock[] {
  return [
    { table: `${target.schema}.${target.table}`, mode: 'SHARE UPDATE EXCLUSIVE' },
    { table, mode: 'ACCESS EXCLUSIVE' },
    ...target.foreignTables.map((other): ExpectedLock => ({ table: other, mode: 'SHARE ROW EXCLUSIVE' })),
    LEDGER_LOCK,
  ]
}
