import type { ArchiveClient } from './archive-client.ts'
import type { ArchivedPartition } from './archived-partition.ts'
import type { ArchiveSink } from './sink/archive-sink.ts'

/** What an archive is made of. */
export interface ArchiveOptions {
  readonly partition: ArchivedPartition
  /** Opens a connection of a role that sees every row (BYPASSRLS) and may SELECT from the partition; straight to the server. It is ended. */
  readonly connect: () => Promise<ArchiveClient>
  readonly sink: ArchiveSink
  readonly format: 'ndjson.gz' | 'parquet'
  /** Keys the hashes of tenant ids, which are of SHA-256 without it; wanted where ids can be guessed. */
  readonly tenantHashKey?: string
  /** Bytes of rows that one object holds, before it is compressed. @default 33_554_432 */
  readonly segmentBytes?: number
  /** Objects that are on their way at once. @default 3 */
  readonly uploads?: number
  /** Milliseconds for which one query may take. @default 3_600_000 */
  readonly queryTimeoutMs?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ArchiveProgress) => void
}

/** How far it has come. */
export interface ArchiveProgress {
  readonly phase: 'read' | 'read-back' | 'receipt'
  readonly rows: bigint
  readonly bytes: bigint
}
