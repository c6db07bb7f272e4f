import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { archivePartition } from '../../../src/partitioning/archive/archive-partition.ts'
import { openSink } from '../../../src/partitioning/archive/sink/open-sink.ts'
import { s3Sink } from '../../../src/partitioning/archive/sink/s3-sink.ts'
import { verifyArchive } from '../../../src/partitioning/archive/verify-archive.ts'
import { loadArchive } from '../../../src/partitioning/restore/load-archive.ts'
import { ArchiveBench } from './archive-bench.ts'
import { insertLog, LOG_COLUMNS } from './many-rows.ts'
import { BUCKET, S3_SERVERS, type S3Server, tamperWith } from './s3-servers.ts'

const PART_BYTES = 5_242_880
const NAMES = ['s3rver', 'fauxqs'] as const

beforeAll(() => {
  // What s3rver knows; the sink leaves it to the AWS client where credentials come from.
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S3RVER')
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1')
})
afterAll(() => {
  vi.unstubAllEnvs()
})

function sinkOf(server: S3Server) {
  return s3Sink({
    bucket: BUCKET,
    prefix: 'some/where',
    endpoint: server.endpoint,
    region: 'eu-central-1',
    partBytes: PART_BYTES,
  })
}

describe.each(NAMES)('the sink for S3, at %s,', (name) => {
  it('keeps objects whole, small ones and such as go in parts', async () => {
    await using server = await S3_SERVERS[name]()
    await using way = await tamperWith(server, {})
    const sink = await sinkOf(way)
    const objects = [0, 1, PART_BYTES, PART_BYTES + 1, PART_BYTES * 2 + 7].map((size) => randomBytes(size))
    for (const [at, bytes] of objects.entries()) await sink.put(`a/object-${at}`, bytes)
    for (const [at, bytes] of objects.entries()) {
      expect(Buffer.from(await sink.get(`a/object-${at}`)).equals(bytes)).toBe(true)
    }
    expect(way.seen.filter((line) => line.includes('partNumber=')).length).toBe(2 + 3)
    expect(sink.uri('a/b')).toBe(`s3://${BUCKET}/some/where/a/b`)
    await sink.close()
  })

  it('writes nothing over, and writes nothing twice', async () => {
    await using server = await S3_SERVERS[name]()
    await using way = await tamperWith(server, {})
    const sink = await sinkOf(way)
    await sink.put('a', Buffer.from('first'))
    await sink.put('a', Buffer.from('first'))
    expect(way.seen.filter((line) => line.startsWith('PUT'))).toHaveLength(1)
    await expect(sink.put('a', Buffer.from('longer'))).rejects.toMatchObject({ reason: 'sink-conflict' })
    expect(Buffer.from(await sink.get('a')).toString()).toBe('first')
    await expect(sink.get('b')).rejects.toMatchObject({
      reason: 'sink',
      message: expect.stringContaining('404'),
    })
    await sink.close()
  })

  it('takes an archive, of which the rows come back', async () => {
    await using server = await S3_SERVERS[name]()
    await using bench = await ArchiveBench.open()
    const partition = await bench.makeDetached(LOG_COLUMNS, insertLog(20_000))
    const sink = await openSink(`s3://${BUCKET}/deep/er?endpoint=${server.endpoint}&region=eu-central-1`)
    const receipt = await archivePartition({
      partition,
      connect: () => bench.connect(),
      sink,
      format: 'parquet',
      segmentBytes: 500_000,
    })
    const manifest = receipt.manifestUri.slice(sink.uri('x').length - 1)
    expect(await verifyArchive({ sink, manifest, manifestSha256: receipt.manifestSha256 })).toEqual([])
    await bench.asOwner('drop table public_detached.events_2026_01')
    const connect = bench.connectAs(bench.owner)
    expect((await loadArchive({ target: bench.target(), connect, sink, manifest })).manifest.rows).toBe(
      20_000,
    )
    await sink.close()
  })
})

describe('the sink for S3', () => {
  it('aborts an upload in parts that fails, so that no part is left behind', async () => {
    await using server = await S3_SERVERS.fauxqs()
    await using way = await tamperWith(server, {
      refuse: (_, url) => (url.includes('partNumber=2') ? 503 : undefined),
    })
    const sink = await sinkOf(way)
    await expect(sink.put('a', randomBytes(PART_BYTES * 3))).rejects.toMatchObject({
      reason: 'sink',
      retryable: true,
    })
    const aborted = way.seen.find((line) => line.startsWith('DELETE'))
    expect(aborted).toMatch(/uploadId=/)
    expect(way.seen.filter((line) => line.includes('partNumber=3'))).toEqual([])
    await expect(sink.get('a')).rejects.toMatchObject({ reason: 'sink' })
    const uploadId = new URL(`http://x${aborted?.slice(7)}`).searchParams.get('uploadId')
    const late = await fetch(`${server.endpoint}/${BUCKET}/some/where/a?partNumber=1&uploadId=${uploadId}`, {
      method: 'PUT',
      body: 'x',
    })
    expect(late.status).toBe(404)
    await sink.close()
  })

  it.each([
    [
      'gives an answer without an ETag',
      { change: (_m: string, _u: string, body: Buffer) => body },
      /partNumber=1/,
      'ETag',
    ],
    [
      'ends an upload with an error in an answer of status 200',
      {
        change: (method: string, url: string, body: Buffer) =>
          method === 'POST' && url.includes('uploadId=')
            ? Buffer.from('<Error><Code>InternalError</Code><Message>no</Message></Error>')
            : body,
      },
      /never/,
      'refused to put',
    ],
  ] as const)('reports it when the service %s', async (_what, tampering, withoutEtag, message) => {
    await using server = await S3_SERVERS.fauxqs()
    await using way = await tamperWith(server, { ...tampering, dropEtag: (url) => withoutEtag.test(url) })
    const sink = await sinkOf(way)
    await expect(sink.put('a', randomBytes(PART_BYTES * 2))).rejects.toMatchObject({
      reason: 'sink',
      message: expect.stringContaining(message),
    })
    expect(way.seen.some((line) => line.startsWith('DELETE'))).toBe(true)
    await sink.close()
  })

  it('notes nothing when the service loses a byte, refuses, or is not there', async () => {
    await using server = await S3_SERVERS.s3rver()
    await using bench = await ArchiveBench.open()
    const partition = await bench.makeDetached(LOG_COLUMNS, insertLog(1_000))
    const archive = async (endpoint: string) => {
      const sink = await sinkOf({ endpoint, [Symbol.asyncDispose]: async () => {} })
      return archivePartition({ partition, connect: () => bench.connect(), sink, format: 'ndjson.gz' })
    }
    {
      const flip = (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === 100 ? byte ^ 1 : byte)))
      const change = (method: string, url: string, body: Buffer) =>
        method === 'GET' && url.includes('rows-') ? flip(body) : body
      await using way = await tamperWith(server, { change })
      await expect(archive(way.endpoint)).rejects.toMatchObject({ reason: 'read-back' })
    }
    {
      await using way = await tamperWith(server, {
        refuse: (method, url) => (method === 'PUT' && url.includes('manifest') ? 507 : undefined),
      })
      await expect(archive(way.endpoint)).rejects.toMatchObject({
        reason: 'sink',
        message: expect.stringContaining('507'),
      })
    }
    await expect(archive('http://127.0.0.1:1')).rejects.toMatchObject({ reason: 'sink' })
    expect(await bench.rows('select from leasehold_guard.partition_receipt')).toEqual([])
    expect(await archive(server.endpoint)).toMatchObject({ noted: true })
  })

  it('refuses credentials in its address, and addresses of other kinds', async () => {
    for (const uri of [
      's3://key:secret@bucket/x',
      'https://bucket/x',
      'file://host/x',
      's3://bucket?acl=public',
      '/var/archives',
    ]) {
      expect(() => openSink(uri), uri).toThrow(/archive\.sink/)
    }
  })
})
