import type { ArchiveClient } from '../../partitioning/archive/archive-client.ts'
import type { ArchiveSink } from '../../partitioning/archive/sink/archive-sink.ts'
import { openSink } from '../../partitioning/archive/sink/open-sink.ts'
import type { ArchiveRules, PartitionedTable } from '../../partitioning/definition/partition-options.ts'
import type { ServerUrl } from '../connection/server-url.ts'
import { openConnection } from '../connection/with-connection.ts'
import type { Terminal } from '../terminal.ts'

/** Opens connections of the archiver, each ended by who asked for it. It bounds its queries by itself. */
export function archiverConnections(server: ServerUrl): () => Promise<ArchiveClient> {
  return async () =>
    (await openConnection(server, { purpose: 'partitions archive', queryTimeoutMs: 0 })) as ArchiveClient
}

/** The key by which ids of tenants are hashed in manifests. It is a secret, and so stands in no file and no argument. */
export function tenantHashKey({ env }: Terminal): { readonly tenantHashKey?: string } {
  const { LEASEHOLD_TENANT_HASH_KEY: key } = env
  return key ? { tenantHashKey: key } : {}
}

/** Sinks that were opened, one for each place, until they are closed together. */
export class Sinks implements AsyncDisposable {
  readonly #open = new Map<string, Promise<ArchiveSink>>()

  /** The sink of a table; `undefined` where it has none. */
  of({ archive }: Pick<PartitionedTable, 'archive'>): Promise<ArchiveSink> | undefined {
    return archive && this.#sink(archive)
  }

  #sink({ sink }: ArchiveRules): Promise<ArchiveSink> {
    const open = this.#open.get(sink) ?? openSink(sink)
    this.#open.set(sink, open)
    return open
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await Promise.allSettled(this.#open.values())
    for (const result of opened) if (result.status === 'fulfilled') await result.value.close()
  }
}
