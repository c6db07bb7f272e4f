import type pg from 'pg'
import { manifestName } from '../../partitioning/archive/archive-folder.ts'
import type { ArchivedPartition } from '../../partitioning/archive/archived-partition.ts'
import { readChain } from '../../partitioning/archive/receipt-store.ts'
import type { PartitionCatalog, TableState } from '../../partitioning/catalog/partition-catalog.ts'
import type { PartitionSet } from '../../partitioning/definition/partition-options.ts'
import { planHold } from '../../partitioning/hold/plan-hold.ts'
import type { LedgerRow } from '../../partitioning/ledger/ledger-row.ts'
import type { PartitionPlan } from '../../partitioning/plan/step.ts'
import { attachSteps, reattachSteps } from '../../partitioning/restore/attach-steps.ts'
import { loadArchive } from '../../partitioning/restore/load-archive.ts'
import type { LoadOptions } from '../../partitioning/restore/load-options.ts'
import type { RestoreTarget } from '../../partitioning/restore/restore-target.ts'
import { CommandError } from '../command-error.ts'
import type { Sinks } from './archiving.ts'

/** What is asked for, and what is there. */
export interface RestoreRequest {
  readonly set: PartitionSet
  readonly catalog: PartitionCatalog
  /** The partition's name, without a schema. */
  readonly partition: string
  readonly sinks: Sinks
  readonly client: pg.Client
}

/** How a partition comes back. */
export interface ChosenRestore {
  /** Where it was dropped: loads it, before the steps are run. */
  readonly load?: (options: Pick<LoadOptions, 'connect' | 'signal' | 'onProgress'>) => Promise<unknown>
  readonly plan: PartitionPlan
}

/**
 * A detached table is attached again; one that was dropped is loaded from its archive.
 *
 * @throws {CommandError} where it is attached, or there is neither a table nor an archive
 */
export async function chooseRestore(request: RestoreRequest): Promise<ChosenRestore> {
  const { set, catalog, partition } = request
  for (const table of catalog.tables) {
    if (table.leaves.some(({ name }) => name === partition)) {
      throw new CommandError(`${partition} is attached: there is nothing to restore.`)
    }
    const rows = table.ledger.filter((row) => row.partition === partition)
    const present = rows.find((row) => table.loose.some(({ oid }) => oid === row.oid))
    if (present && present.state !== 'staged') {
      // First, or the next run would retire it again.
      const hold =
        present.hold === undefined ? planHold(set, catalog, { partition, reason: 'restored' }).steps : []
      const steps = reattachSteps(targetOf(set, table), set.detachedSchema, { name: partition, ...present })
      return { plan: { steps: [...hold, ...steps], refusals: [] } }
    }
    const gone = rows.find(({ state, archiveUri }) => state === 'dropped' && archiveUri !== undefined)
    if (gone) return fromArchive(request, table, gone)
  }
  throw new CommandError(
    `There is no detached table and no archive of ${partition} in the ledger. \`leasehold partitions explain\` lists what there is.`,
  )
}

async function fromArchive(
  { set, sinks, client }: RestoreRequest,
  table: TableState,
  row: LedgerRow,
): Promise<ChosenRestore> {
  const { definition } = table
  const target = targetOf(set, table)
  const sink = await sinks.of(definition)
  const archived: ArchivedPartition = {
    table: row.table,
    schema: set.detachedSchema,
    partition: row.partition,
    lowUs: row.lowUs,
    highUs: row.highUs,
    key: definition.key,
    tenantColumn: set.tenantColumn,
  }
  const { receipts } = await readChain(client, archived)
  const receipt = receipts.find(({ oid }) => oid === row.oid)
  if (!sink || !receipt) {
    throw new CommandError(
      sink
        ? `There is no receipt for the archive of ${row.partition}.`
        : `${row.table} has no archive.sink in the configuration, where the archive of ${row.partition} would be looked for.`,
    )
  }
  const { manifestSha256 } = receipt
  const manifest = manifestName(archived, manifestSha256)
  return {
    load: (options) => loadArchive({ target, sink, manifest, manifestSha256, ...options }),
    plan: { steps: attachSteps(target, { name: row.partition, ...row }), refusals: [] },
  }
}

function targetOf(set: PartitionSet, { parent, definition }: TableState): RestoreTarget {
  if (!parent) throw new CommandError(`${set.schema}.${definition.name} does not exist.`)
  return {
    schema: set.schema,
    table: definition.name,
    partsSchema: set.partsSchema,
    owner: parent.owner,
    key: definition.key,
    keyType: definition.keyType,
    foreignTables: [...new Set(parent.foreignKeys.map(({ table }) => table))],
  }
}
