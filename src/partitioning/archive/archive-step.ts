import { ConfigError } from '../../errors/config.ts'
import type { PartitionSet } from '../definition/partition-options.ts'
import type { PartitionStep } from '../plan/step.ts'
import type { ArchiveOptions } from './archive-options.ts'
import { archivePartition } from './archive-partition.ts'
import type { ArchiveReceipt } from './archive-receipt.ts'
import { openSink } from './sink/open-sink.ts'

/** What steps of the kind `archive` are carried out with. */
export interface ArchiverOptions extends Omit<ArchiveOptions, 'partition' | 'sink' | 'format' | 'signal'> {
  readonly set: PartitionSet
}

/**
 * Gives what `applyPlan` calls for each step of the kind `archive`: it opens the sink that the table's definition names, archives the
 * partition, and closes the sink again.
 *
 * @throws {ConfigError} when it is called for a table whose definition names no archive
 */
export function archiver({
  set,
  ...options
}: ArchiverOptions): (step: PartitionStep, signal: AbortSignal | undefined) => Promise<ArchiveReceipt> {
  return async (step, signal) => {
    const table = set.tables.find(({ name }) => step.table === `${set.schema}.${name}`)
    const { relation } = step
    if (!table?.archive || !relation) {
      throw new ConfigError(
        `tables.${table?.name ?? step.table}.archive is missing, which ${step.id} takes. Name a format and a sink there, or plan again.`,
      )
    }
    const sink = await openSink(table.archive.sink)
    try {
      return await archivePartition({
        ...options,
        ...(signal ? { signal } : {}),
        sink,
        format: table.archive.format,
        partition: {
          table: step.table,
          schema: relation.schema,
          partition: relation.name,
          oid: relation.oid,
          lowUs: relation.lowUs,
          highUs: relation.highUs,
          key: relation.key,
          tenantColumn: set.tenantColumn,
        },
      })
    } finally {
      await sink.close()
    }
  }
}
