import type { ArchiveClient } from './archive-client.ts'
import { ArchiveError } from './archive-error.ts'
import type { ArchiveReceipt } from './archive-receipt.ts'
import type { ArchivedPartition } from './archived-partition.ts'
import type { TableIdentity } from './read-table.ts'

/** A receipt as it was noted. */
export interface NotedReceipt {
  readonly oid: number
  readonly manifestSha256: string
  readonly previous: string | null
}

const LAST = `
  select manifest_sha256 as "manifestSha256", previous_sha256 as previous, table_oid::int8::text as oid
  from leasehold_guard.partition_receipt where table_name = $1 order by id desc`

const NOTE = `
  insert into leasehold_guard.partition_receipt
    (table_name, partition, table_oid, filenode, manifest_uri, manifest_sha256, previous_sha256, rows, bytes, rows_sha256)
  values ($1, $2, $3::oid, $4::oid, $5, $6, $7, $8, $9, $10) on conflict (table_oid, filenode, manifest_sha256) do nothing`

/** The chain of a table's manifests. */
export interface ReceiptChain {
  readonly last: string | undefined
  /** The newest first. */
  readonly receipts: readonly NotedReceipt[]
}

/** @throws {ArchiveError} `no-guard` */
export async function readChain(client: ArchiveClient, partition: ArchivedPartition): Promise<ReceiptChain> {
  const found = await client.query({
    text: "select to_regclass('leasehold_guard.partition_receipt') is not null as there",
  })
  if (!(found.rows as readonly { there: boolean }[])[0]?.there) {
    throw new ArchiveError(
      'no-guard',
      'The database has no table leasehold_guard.partition_receipt to note receipts in. Have a superuser run what dropGuardSql() ' +
        'gives (leasehold partitions setup prints it). Nothing was written.',
    )
  }
  const { rows } = await client.query({ text: LAST, values: [partition.table] })
  const receipts = rows as readonly { oid: string; manifestSha256: string; previous: string | null }[]
  return {
    last: receipts[0]?.manifestSha256,
    receipts: receipts.map((receipt) => ({ ...receipt, oid: Number(receipt.oid) })),
  }
}

/**
 * Makes sure that no other archive of the same table was noted meanwhile, and that none is until the transaction ends: two manifests
 * would go on from the same one.
 *
 * @throws {ArchiveError} `changed`
 */
export async function refuseFork(
  client: ArchiveClient,
  partition: ArchivedPartition,
  chain: ReceiptChain,
): Promise<void> {
  await client.query({
    text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
    values: [`leasehold:archive:${partition.table}`],
  })
  if ((await readChain(client, partition)).last === chain.last) return
  throw new ArchiveError(
    'changed',
    `Another partition of ${partition.table} was archived at the same time, so that both manifests would go on from the same one. ` +
      'Nothing counts as archived; run it again.',
  )
}

/** Notes that the table of that oid is archived. */
export async function noteReceipt(
  client: ArchiveClient,
  partition: ArchivedPartition,
  identity: TableIdentity,
  receipt: ArchiveReceipt,
  previous: string | null,
): Promise<void> {
  const { manifestUri, manifestSha256, rows, bytes, sha256 } = receipt
  await client.query({
    text: NOTE,
    values: [
      partition.table,
      partition.partition,
      identity.oid,
      identity.filenode,
      manifestUri,
      manifestSha256,
      previous,
      String(rows),
      String(bytes),
      sha256,
    ],
  })
}
