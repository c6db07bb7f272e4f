import { quoteName } from '../../rls/sql/quote.ts'
import type { ArchiveClient } from './archive-client.ts'
import { ArchiveError } from './archive-error.ts'
import type { ArchivedPartition } from './archived-partition.ts'
import type { PartitionReading } from './read-partition.ts'
import { readIdentity } from './read-table.ts'

/**
 * Makes sure that the partition is still the one that was read. Nobody can write to a detached one but a role that passes row
 * security; it may still have been truncated, or attached again, while its archive was on its way.
 *
 * @throws {ArchiveError} `changed`
 */
export async function refuseChanged(
  client: ArchiveClient,
  partition: ArchivedPartition,
  { identity, tally }: Pick<PartitionReading, 'identity' | 'tally'>,
): Promise<void> {
  const now = await readIdentity(client, { ...partition, oid: identity.oid })
  const { rows } = await client.query({
    text: `select count(*)::text as rows from only ${quoteName(partition.schema)}.${quoteName(partition.partition)}`,
  })
  const count = BigInt((rows as readonly { rows: string }[])[0]?.rows ?? -1)
  const same =
    now.filenode === identity.filenode && now.attached === identity.attached && count === tally.rows
  if (same) return
  throw new ArchiveError(
    'changed',
    `${partition.schema}.${partition.partition} changed while it was archived: it was attached, detached or truncated, or rows came or ` +
      'went. Nothing counts as archived; run it again.',
  )
}
