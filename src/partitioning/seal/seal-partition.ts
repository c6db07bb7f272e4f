import type { ArchiveClient } from '../archive/archive-client.ts'
import { inPinnedTransaction } from '../archive/archive-session.ts'
import type { ArchivedPartition } from '../archive/archived-partition.ts'
import { readPartition } from '../archive/read-partition.ts'
import { withClient } from '../archive/with-client.ts'
import { type ChainFinding, checkChain } from './check-chain.ts'
import type { SealFinding } from './compare-seal.ts'
import { compareSealed, findBreaks } from './compare-sealed.ts'
import { noteSeals, readAllSealed, type SealedPartition } from './seal-store.ts'
import { sealTally } from './seal-tally.ts'

/** What a partition is sealed, or compared with its seal, by. */
export interface SealOptions {
  readonly partition: ArchivedPartition
  /** Opens a connection of a role that sees every row (BYPASSRLS) and may SELECT from the partition; straight to the server. It is ended. */
  readonly connect: () => Promise<ArchiveClient>
  /** Keys the hashes of tenant ids; as it is for archives. */
  readonly tenantHashKey?: string
  /** Milliseconds for which one query may take. @default 3_600_000 */
  readonly queryTimeoutMs?: number
  readonly signal?: AbortSignal
}

const DEFAULT_QUERY_TIMEOUT_MS = 3_600_000

/**
 * Seals a month that is over: one Merkle root per tenant, chained to the tenant's seal before. Where it is sealed already, the rows are
 * compared with the seal instead.
 *
 * @throws {ArchiveError} `seal` when it is sealed and the rows differ, and as `archivePartition` does
 */
export async function sealPartition(options: SealOptions): Promise<SealedPartition> {
  const { partition, connect, queryTimeoutMs = DEFAULT_QUERY_TIMEOUT_MS } = options
  return withClient(connect, async (client) => {
    const reading = await read(client, options, queryTimeoutMs)
    if (reading.sealed) {
      compareSealed(partition, reading.sealed, reading.tally)
      return reading.sealed
    }
    const keyed = options.tenantHashKey !== undefined
    const seals = sealTally(partition, reading.shape, reading.tally, reading.lastSeals, keyed)
    await inPinnedTransaction(client, 'isolation level read committed, read write', queryTimeoutMs, () =>
      noteSeals(client, partition, seals),
    )
    return seals
  })
}

/**
 * Compares the rows of a partition with the seal of its month.
 *
 * @returns where they differ; `undefined` when the month was never sealed
 */
export async function verifyPartition(options: SealOptions): Promise<SealFinding[] | undefined> {
  const { connect, queryTimeoutMs = DEFAULT_QUERY_TIMEOUT_MS } = options
  const { sealed, tally } = await withClient(connect, (client) => read(client, options, queryTimeoutMs))
  return sealed && findBreaks(sealed, tally)
}

/** Checks all seals of a table by themselves: that they belong to their roots, and each goes on from the one before. */
export function verifySeals(
  options: Pick<SealOptions, 'connect' | 'queryTimeoutMs'> & { readonly table: string },
): Promise<ChainFinding[]> {
  const { connect, table, queryTimeoutMs = DEFAULT_QUERY_TIMEOUT_MS } = options
  return withClient(connect, (client) =>
    inPinnedTransaction(client, 'isolation level repeatable read, read only', queryTimeoutMs, async () =>
      checkChain(table, await readAllSealed(client, table)),
    ),
  )
}

function read(client: ArchiveClient, options: SealOptions, queryTimeoutMs: number) {
  const { partition, tenantHashKey, signal } = options
  return inPinnedTransaction(client, 'isolation level repeatable read, read only', queryTimeoutMs, () =>
    readPartition(client, partition, { tenantHashKey, signal }),
  )
}
