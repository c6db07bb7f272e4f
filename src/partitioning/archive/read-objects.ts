import { createHash } from 'node:crypto'
import { ArchiveError } from './archive-error.ts'
import type { ArchivedColumn } from './archived-shape.ts'
import type { TextRow } from './canonical-row.ts'
import type { ArchiveFormat } from './format/archive-format.ts'
import type { ManifestObject } from './manifest.ts'
import type { ArchiveSink } from './sink/archive-sink.ts'

/**
 * Reads the rows of objects out of a sink, each only once its hash was found to be right.
 *
 * @throws {ArchiveError} `read-back`, or `sink`
 */
export async function* readObjects(
  sink: ArchiveSink,
  format: ArchiveFormat,
  objects: readonly ManifestObject[],
  columns: readonly ArchivedColumn[],
  signal?: AbortSignal,
): AsyncGenerator<readonly TextRow[]> {
  for (const object of objects) {
    const bytes = await getObject(sink, object, signal)
    let rows = 0
    for await (const batch of format.read(bytes, columns)) {
      rows += batch.length
      yield batch
    }
    if (rows !== object.rows)
      throw mismatch(sink, object, `holds ${rows} rows where ${object.rows} were written`)
  }
}

/** Gets one object and compares its hash. */
export async function getObject(
  sink: ArchiveSink,
  object: ManifestObject,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const bytes = await sink.get(object.name, signal)
  if (bytes.length !== object.bytes) {
    throw mismatch(sink, object, `has ${bytes.length} bytes where ${object.bytes} were written`)
  }
  if (createHash('sha256').update(bytes).digest('hex') !== object.sha256) {
    throw mismatch(sink, object, 'gives back other bytes than were written')
  }
  return bytes
}

function mismatch(sink: ArchiveSink, { name }: ManifestObject, what: string): ArchiveError {
  return new ArchiveError(
    'read-back',
    `${sink.uri(name)} ${what}. Nothing counts as archived. Where the sink is sound now, move that object away and run it again.`,
  )
}
