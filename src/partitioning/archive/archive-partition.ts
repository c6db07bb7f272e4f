import { compareSealed } from '../seal/compare-sealed.ts'
import { noteSeals } from '../seal/seal-store.ts'
import { sealTally } from '../seal/seal-tally.ts'
import type { ArchiveOptions } from './archive-options.ts'
import type { ArchiveReceipt } from './archive-receipt.ts'
import { inPinnedTransaction } from './archive-session.ts'
import { openFormat } from './format/open-format.ts'
import { putManifest } from './put-manifest.ts'
import { compareReadBack } from './read-back.ts'
import { noteReceipt, readChain, refuseFork } from './receipt-store.ts'
import { refuseChanged } from './refuse-changed.ts'
import { withClient } from './with-client.ts'
import { writeRows } from './write-rows.ts'

const DEFAULT_QUERY_TIMEOUT_MS = 3_600_000

/**
 * Archives one partition: reads it in one snapshot, writes its rows to the sink, reads them back from there and compares, writes the
 * manifest, and only then notes the receipt that the drop guard asks for, with the seal of the month where it has none yet.
 *
 * Wherever it is stopped: nothing counts as archived before the receipt, no object is there by half, and the next run finds what is
 * in the sink already by its name, which holds its hash.
 *
 * @throws {ArchiveError} Errors of PostgreSQL itself are passed on as they are.
 */
export async function archivePartition(options: ArchiveOptions): Promise<ArchiveReceipt> {
  const { partition, connect, sink, tenantHashKey, signal, onProgress } = options
  const { queryTimeoutMs = DEFAULT_QUERY_TIMEOUT_MS } = options
  const format = await openFormat(options.format)
  const { reading, objects, chain } = await withClient(connect, (client) =>
    inPinnedTransaction(client, 'isolation level repeatable read, read only', queryTimeoutMs, async () => ({
      // First, so that a database without a guard is known before anything is written.
      chain: await readChain(client, partition),
      ...(await writeRows(client, format, options)),
    })),
  )
  const { identity, shape, tally, sealed } = reading
  if (sealed) compareSealed(partition, sealed, tally)
  const seals = sealed ?? sealTally(partition, shape, tally, reading.lastSeals, tenantHashKey !== undefined)
  await compareReadBack(options, format, reading, objects)
  const manifest = await putManifest(options, { reading, objects, seals, chain })
  const receipt: ArchiveReceipt = {
    manifestUri: sink.uri(manifest.name),
    manifestSha256: manifest.sha256,
    rows: tally.rows,
    bytes: BigInt(manifest.manifest.bytes),
    sha256: tally.sha256,
    noted: !identity.attached,
  }
  signal?.throwIfAborted()
  onProgress?.({ phase: 'receipt', rows: receipt.rows, bytes: receipt.bytes })
  await withClient(connect, (client) =>
    inPinnedTransaction(client, 'isolation level read committed, read write', queryTimeoutMs, async () => {
      await refuseFork(client, partition, chain)
      await refuseChanged(client, partition, reading)
      if (!sealed) await noteSeals(client, partition, seals)
      if (receipt.noted) await noteReceipt(client, partition, identity, receipt, manifest.manifest.previous)
    }),
  )
  return receipt
}
