import { ArchiveError } from '../archive/archive-error.ts'
import { inPinnedTransaction } from '../archive/archive-session.ts'
import { openFormat } from '../archive/format/open-format.ts'
import type { ArchiveManifest } from '../archive/manifest.ts'
import { readManifest } from '../archive/read-manifest.ts'
import { withClient } from '../archive/with-client.ts'
import { fillTable } from './fill-table.ts'
import type { LoadOptions } from './load-options.ts'
import { refuseExisting } from './refuse-existing.ts'
import { closeTable, makeTable } from './restore-sql.ts'
import type { RestoredPartition } from './restore-target.ts'

/** A table that was loaded, to be attached by `attachSteps`. */
export interface LoadedArchive {
  readonly partition: RestoredPartition
  readonly manifest: ArchiveManifest
}

const DEFAULT_QUERY_TIMEOUT_MS = 3_600_000

/**
 * Loads an archive into a new table beside the partitions, in one transaction: its rows are read back from the table and compared with
 * the manifest, it is closed to everybody like any partition, and only then committed. A run that was killed leaves nothing; a table
 * that an earlier run left unattached is made anew. The ledger gets a hold for it, or the next run would retire it again.
 *
 * @throws {ArchiveError} `manifest`, `read-back`, `sink`, `restore`
 */
export async function loadArchive(options: LoadOptions): Promise<LoadedArchive> {
  const { target, connect, sink, signal, queryTimeoutMs = DEFAULT_QUERY_TIMEOUT_MS } = options
  const manifest = await readManifest(sink, options.manifest, options.manifestSha256, signal)
  if (manifest.table !== `${target.schema}.${target.table}`) {
    throw new ArchiveError(
      'restore',
      `That archive is of ${manifest.table}, not of ${target.schema}.${target.table}. Nothing was changed.`,
    )
  }
  const format = await openFormat(manifest.format)
  const partition = restoredPartition(manifest)
  await withClient(connect, (client) =>
    inPinnedTransaction(client, 'isolation level read committed, read write', queryTimeoutMs, async () => {
      await refuseExisting(client, target, partition)
      for (const text of makeTable(target, partition)) await client.query({ text })
      await fillTable(client, { ...options, format, manifest, partition })
      for (const text of closeTable(target, partition)) await client.query({ text })
    }),
  )
  return { partition, manifest }
}

function restoredPartition({ partition, bounds }: ArchiveManifest): RestoredPartition {
  const us = (text: string | null) => (text === null ? undefined : BigInt(text))
  return { name: partition, lowUs: us(bounds.lowUs), highUs: us(bounds.highUs) }
}
