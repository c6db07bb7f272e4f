import type { ArchiveClient } from '../archive/archive-client.ts'
import type { ArchiveSink } from '../archive/sink/archive-sink.ts'
import type { CopyClient } from './copy-rows-in.ts'
import type { RestoreTarget } from './restore-target.ts'

/** What loads rows: a connected `pg.Client`, of the JavaScript driver and without `pipeline`. */
export type RestoreClient = ArchiveClient & CopyClient

/** What is restored, and where to. */
export interface LoadOptions {
  readonly target: RestoreTarget
  /** Opens a connection of the job, which may act as the parent's owner; straight to the server. It is ended. */
  readonly connect: () => Promise<RestoreClient>
  readonly sink: ArchiveSink
  /** The manifest's name in the sink: its URI without that of the sink. */
  readonly manifest: string
  /** What the receipt says that its SHA-256 is; without it, an exchanged manifest is not noticed. */
  readonly manifestSha256?: string
  /** Milliseconds for which one query may take. @default 3_600_000 */
  readonly queryTimeoutMs?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (rows: bigint) => void
}
