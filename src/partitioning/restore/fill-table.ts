import { quoteName } from '../../rls/sql/quote.ts'
import { ArchiveError } from '../archive/archive-error.ts'
import type { ArchivedColumn } from '../archive/archived-shape.ts'
import type { TextRow } from '../archive/canonical-row.ts'
import type { ArchiveFormat } from '../archive/format/archive-format.ts'
import type { ArchiveManifest } from '../archive/manifest.ts'
import { readObjects } from '../archive/read-objects.ts'
import { readRows } from '../archive/read-rows.ts'
import { RowTally } from '../archive/row-tally.ts'
import { copyRowsIn } from './copy-rows-in.ts'
import type { LoadOptions, RestoreClient } from './load-options.ts'
import { refuseOtherColumns } from './refuse-other-columns.ts'
import { tableOf } from './restore-sql.ts'
import type { RestoredPartition } from './restore-target.ts'

/** What a table is filled from. */
export interface Filling extends Pick<LoadOptions, 'target' | 'sink' | 'signal' | 'onProgress'> {
  readonly format: ArchiveFormat
  readonly manifest: ArchiveManifest
  readonly partition: RestoredPartition
}

/**
 * Copies the rows of an archive into an empty table, reads them from there again and compares them with the manifest. Computed columns
 * are computed anew, and compared too.
 *
 * @throws {ArchiveError} `restore`, `read-back`, `sink`
 */
export async function fillTable(client: RestoreClient, filling: Filling): Promise<void> {
  const { target, partition, manifest } = filling
  await refuseOtherColumns(client, target, partition, manifest)
  const given = manifest.columns.flatMap(({ generated }, at) => (generated ? [] : [at]))
  const names = given.map((at) => quoteName(manifest.columns[at]?.name ?? '')).join(', ')
  const statement = `copy ${tableOf(target, partition)} (${names}) from stdin`
  await copyRowsIn(client, statement, archivedRows(filling, given)).catch((cause: unknown) => {
    throw cause instanceof ArchiveError ? cause : refusedRows(filling, cause)
  })
  await compareTable(client, filling)
}

async function* archivedRows(
  { sink, format, manifest, signal }: Filling,
  given: readonly number[],
): AsyncGenerator<readonly TextRow[]> {
  for await (const batch of readObjects(sink, format, manifest.objects, manifest.columns, signal)) {
    yield batch.map((row) => given.map((at) => row[at] ?? null))
  }
}

async function compareTable(client: RestoreClient, filling: Filling): Promise<void> {
  const { target, partition, manifest, signal, onProgress } = filling
  const isTenant = ({ name }: ArchivedColumn) => name === manifest.tenantColumn
  const tally = new RowTally({ tenantAt: manifest.columns.findIndex(isTenant), sealedAt: [] })
  const table = { schema: target.partsSchema, name: partition.name }
  for await (const batch of readRows(client, table, manifest, signal)) {
    for (const row of batch) tally.add(row)
    onProgress?.(tally.rows)
  }
  const { rows, sha256 } = tally.finish()
  if (Number(rows) === manifest.rows && sha256 === manifest.sha256) return
  throw new ArchiveError(
    'restore',
    `${target.partsSchema}.${partition.name} came out with ${rows} rows where its manifest says ${manifest.rows}, or with other ones: a type, ` +
      'a computed column or a trigger has changed since. Nothing was changed.',
  )
}

function refusedRows({ target, partition }: Filling, cause: unknown): ArchiveError {
  const { code = 'an unknown error' } = cause as { code?: string }
  return new ArchiveError(
    'restore',
    `${target.schema}.${target.table} does not take the rows of the archive of ${partition.name}: ${code}. The cause says why, and may ` +
      'hold a value. Nothing was changed.',
    { cause },
  )
}
