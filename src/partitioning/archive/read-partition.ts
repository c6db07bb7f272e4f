import { readLastSeals, readSealed, type SealedPartition } from '../seal/seal-store.ts'
import { findSealedColumns } from '../seal/sealed-columns.ts'
import type { ArchiveClient } from './archive-client.ts'
import { ArchiveError } from './archive-error.ts'
import type { ArchivedPartition } from './archived-partition.ts'
import type { ArchivedShape } from './archived-shape.ts'
import type { TextRow } from './canonical-row.ts'
import { readKeyRange, readRows } from './read-rows.ts'
import { readIdentity, readShape, type TableIdentity } from './read-table.ts'
import { RowTally, type Tally } from './row-tally.ts'

/** All that one snapshot says of a partition. */
export interface PartitionReading {
  readonly identity: TableIdentity
  readonly shape: ArchivedShape
  readonly tally: Tally
  readonly keyRange: { readonly min: string | undefined; readonly max: string | undefined }
  /** Its seal, where the month was sealed already. */
  readonly sealed: SealedPartition | undefined
  /** What seals of this month go on from, by the hash of the tenant's id. */
  readonly lastSeals: ReadonlyMap<string, string>
}

/** What becomes of each row that is read. */
export type RowSink = (row: TextRow, bytes: number, shape: ArchivedShape) => Promise<void> | void

/**
 * Reads a whole partition once, and counts and hashes what it reads. Within a read only transaction of `inPinnedTransaction`.
 *
 * @throws {ArchiveError}
 */
export async function readPartition(
  client: ArchiveClient,
  partition: ArchivedPartition,
  options: {
    readonly tenantHashKey?: string | undefined
    readonly signal?: AbortSignal | undefined
    readonly onRow?: RowSink
    readonly onBatch?: (rows: bigint) => void
  },
): Promise<PartitionReading> {
  const identity = await readIdentity(client, partition)
  await refuseOpenMonth(client, partition, identity)
  const shape = await readShape(client, identity.oid, partition)
  const sealed = await readSealed(client, partition)
  if (sealed) refuseOtherKey(sealed, options.tenantHashKey)
  const tally = new RowTally({
    tenantAt: shape.columns.findIndex(({ name }) => name === partition.tenantColumn),
    sealedAt: sealed && findSealedColumns(partition, sealed.shape, shape),
    tenantHashKey: options.tenantHashKey,
  })
  const table = { schema: partition.schema, name: partition.partition }
  for await (const batch of readRows(client, table, shape, options.signal)) {
    for (const row of batch) {
      const bytes = tally.add(row)
      await options.onRow?.(row, bytes, shape)
    }
    options.onBatch?.(tally.rows)
  }
  return {
    identity,
    shape,
    tally: tally.finish(),
    keyRange: await readKeyRange(client, table, partition.key),
    sealed,
    lastSeals: await readLastSeals(client, partition.table),
  }
}

/** A month that is not over yet gets rows still. The server's clock decides. */
async function refuseOpenMonth(
  client: ArchiveClient,
  partition: ArchivedPartition,
  identity: TableIdentity,
): Promise<void> {
  if (!identity.attached) return
  const { rows } = await client.query({
    text: 'select $1::int8 <= extract(epoch from now()) * 1000000 as closed',
    values: [partition.highUs === undefined ? null : String(partition.highUs)],
  })
  if ((rows as readonly { closed: boolean | null }[])[0]?.closed) return
  throw new ArchiveError(
    'changed',
    `The month of ${partition.partition} is not over yet, and the partition is attached: rows come in still. Wait until it is over.`,
  )
}

function refuseOtherKey(sealed: SealedPartition, key: string | undefined): void {
  if (sealed.tenantsKeyed === (key !== undefined)) return
  throw new ArchiveError(
    'seal',
    `${sealed.partition} was sealed ${sealed.tenantsKeyed ? 'with' : 'without'} a key for the hashes of tenant ids. Give tenantHashKey ` +
      'as it was then.',
  )
}
