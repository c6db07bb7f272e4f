/** Archives in a process of its own, which a test can kill or give limits. Its argument is {@link ChildTask} in JSON. */
import pg from 'pg'
import { archivePartition } from '../../../src/partitioning/archive/archive-partition.ts'
import type { ArchivedPartition } from '../../../src/partitioning/archive/archived-partition.ts'
import { openSink } from '../../../src/partitioning/archive/sink/open-sink.ts'

export interface ChildTask {
  readonly client: pg.ClientConfig
  readonly partition: Omit<ArchivedPartition, 'lowUs' | 'highUs'> & { lowUs: string; highUs: string }
  readonly sink: string
  readonly segmentBytes: number
}

const { client, partition, sink, segmentBytes } = JSON.parse(process.argv[2] ?? '') as ChildTask
try {
  const receipt = await archivePartition({
    partition: { ...partition, lowUs: BigInt(partition.lowUs), highUs: BigInt(partition.highUs) },
    connect: async () => {
      const connected = new pg.Client(client)
      await connected.connect()
      return connected
    },
    sink: await openSink(sink),
    format: 'ndjson.gz',
    segmentBytes,
    onProgress: ({ phase, rows }) => console.log(`${phase} ${rows}`),
  })
  console.log(`done ${receipt.manifestSha256}`)
} catch (error) {
  console.log(`failed ${(error as { reason?: string }).reason} ${(error as Error).message}`)
  process.exitCode = 1
}
