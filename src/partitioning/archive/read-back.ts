import { ArchiveError } from './archive-error.ts'
import type { ArchiveOptions } from './archive-options.ts'
import type { ArchiveFormat } from './format/archive-format.ts'
import type { ManifestObject } from './manifest.ts'
import { readObjects } from './read-objects.ts'
import type { PartitionReading } from './read-partition.ts'
import { RowTally } from './row-tally.ts'

/**
 * Reads all objects of an archive out of the sink again, row by row, and compares them with what was read from the database.
 *
 * @throws {ArchiveError} `read-back`
 */
export async function compareReadBack(
  options: Pick<ArchiveOptions, 'partition' | 'sink' | 'signal' | 'onProgress'>,
  format: ArchiveFormat,
  { shape, tally }: Pick<PartitionReading, 'shape' | 'tally'>,
  objects: readonly ManifestObject[],
): Promise<void> {
  const { partition, sink, signal, onProgress } = options
  const found = new RowTally({
    tenantAt: shape.columns.findIndex(({ name }) => name === partition.tenantColumn),
    sealedAt: [],
  })
  let bytes = 0n
  for await (const batch of readObjects(sink, format, objects, shape.columns, signal)) {
    for (const row of batch) bytes += BigInt(found.add(row))
    onProgress?.({ phase: 'read-back', rows: found.rows, bytes })
  }
  const { rows, sha256 } = found.finish()
  if (rows === tally.rows && sha256 === tally.sha256) return
  throw new ArchiveError(
    'read-back',
    `The archive of ${partition.partition} gives back ${rows} rows where ${tally.rows} were read from the database, or other ones. ` +
      'Nothing counts as archived.',
  )
}
