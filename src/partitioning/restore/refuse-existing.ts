import type { ArchiveClient } from '../archive/archive-client.ts'
import { ArchiveError } from '../archive/archive-error.ts'
import { tableOf } from './restore-sql.ts'
import type { RestoredPartition, RestoreTarget } from './restore-target.ts'

const FIND = `
  select c.oid::int8::text as oid, c.relispartition as attached, l.state
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  left join leasehold.partition_ledger l on l.oid = c.oid and l."table" = $3
  where n.nspname = $1 and c.relname = $2`

const FORGET = "delete from leasehold.partition_ledger where oid = $1::oid and state = 'staged'"

/**
 * Makes room for a table that is to be restored: what an earlier restore left, which was never attached, is dropped; anything else
 * stays.
 *
 * @throws {ArchiveError} `restore` when something else has the name
 */
export async function refuseExisting(
  client: ArchiveClient,
  target: RestoreTarget,
  partition: RestoredPartition,
): Promise<void> {
  const { rows } = await client.query({
    text: FIND,
    values: [target.partsSchema, partition.name, `${target.schema}.${target.table}`],
  })
  const [found] = rows as readonly { oid: string; attached: boolean; state: string | null }[]
  if (!found) return
  if (!found.attached && found.state === 'staged') {
    await client.query({ text: `drop table ${tableOf(target, partition)}` })
    await client.query({ text: FORGET, values: [found.oid] })
    return
  }
  throw new ArchiveError(
    'restore',
    `${target.partsSchema}.${partition.name} is there ${found.attached ? 'and attached ' : ''}already. Detach it or give it another name ` +
      'before its archive is restored. Nothing was changed.',
  )
}
