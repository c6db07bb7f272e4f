import type { ArchiveClient } from './archive-client.ts'
import type { ArchiveOptions } from './archive-options.ts'
import type { ArchiveFormat } from './format/archive-format.ts'
import type { ManifestObject } from './manifest.ts'
import { type PartitionReading, readPartition } from './read-partition.ts'
import { ObjectsWriter } from './write-objects.ts'

const DEFAULT_SEGMENT_BYTES = 33_554_432
const DEFAULT_UPLOADS = 3

/** Reads a partition and puts its rows into the sink. Where it fails, nothing of it is on its way any more when it throws. */
export async function writeRows(
  client: ArchiveClient,
  format: ArchiveFormat,
  options: ArchiveOptions,
): Promise<{ readonly reading: PartitionReading; readonly objects: readonly ManifestObject[] }> {
  const { partition, sink, tenantHashKey, signal, onProgress } = options
  const { segmentBytes = DEFAULT_SEGMENT_BYTES, uploads = DEFAULT_UPLOADS } = options
  let writer: ObjectsWriter | undefined
  let bytesRead = 0n
  try {
    const reading = await readPartition(client, partition, {
      tenantHashKey,
      signal,
      onRow: (row, bytes, { columns }) => {
        writer ??= new ObjectsWriter({ sink, format, partition, columns, segmentBytes, uploads, signal })
        bytesRead += BigInt(bytes)
        return writer.add(row, bytes)
      },
      onBatch: (rows) => onProgress?.({ phase: 'read', rows, bytes: bytesRead }),
    })
    return { reading, objects: (await writer?.finish()) ?? [] }
  } catch (error) {
    await writer?.stop()
    throw error
  }
}
