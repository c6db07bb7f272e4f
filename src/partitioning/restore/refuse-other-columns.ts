import type { ArchiveClient } from '../archive/archive-client.ts'
import { ArchiveError } from '../archive/archive-error.ts'
import type { ArchiveManifest } from '../archive/manifest.ts'
import { tableOf } from './restore-sql.ts'
import type { RestoredPartition, RestoreTarget } from './restore-target.ts'

const COLUMNS = `
  select attname as name, format_type(atttypid, atttypmod) as type, attgenerated <> '' as generated
  from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`

/**
 * Makes sure that every archived column is there still, with its type. Columns that came later get their defaults.
 *
 * @throws {ArchiveError} `restore`
 */
export async function refuseOtherColumns(
  client: ArchiveClient,
  target: RestoreTarget,
  partition: RestoredPartition,
  manifest: ArchiveManifest,
): Promise<void> {
  const { rows } = await client.query({ text: COLUMNS, values: [tableOf(target, partition)] })
  const now = rows as readonly { name: string; type: string; generated: boolean }[]
  const missing = manifest.columns.filter(
    (column) =>
      !now.some(
        ({ name, type, generated }) =>
          name === column.name && type === column.type && generated === column.generated,
      ),
  )
  if (missing.length === 0) return
  throw new ArchiveError(
    'restore',
    `${target.schema}.${target.table} has no longer what was archived: ${missing.map(({ name, type }) => `${name} ${type}`).join(', ')}. Restore the ` +
      'archive into a table of its old columns, or bring the columns back. Nothing was changed.',
  )
}
