import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, inject, it } from 'vitest'
import type { ArchiveOptions } from '../../../src/partitioning/archive/archive-options.ts'
import { archivePartition } from '../../../src/partitioning/archive/archive-partition.ts'
import { directorySink } from '../../../src/partitioning/archive/sink/directory-sink.ts'
import { verifyArchive } from '../../../src/partitioning/archive/verify-archive.ts'
import { Random } from '../../support/random.ts'
import { ArchiveBench } from './archive-bench.ts'
import type { ChildTask } from './archive-child.ts'
import { insertLog, LOG_COLUMNS } from './many-rows.ts'
import { runChild } from './run-child.ts'

const ROWS = 20_000
/** About ten objects. */
const SEGMENT_BYTES = 400_000

async function openBench(): Promise<{ bench: ArchiveBench; options: ArchiveOptions }> {
  const bench = await ArchiveBench.open()
  const partition = await bench.makeDetached(LOG_COLUMNS, insertLog(ROWS))
  const options: ArchiveOptions = {
    partition,
    connect: () => bench.connect(),
    sink: directorySink(bench.folder),
    format: 'ndjson.gz',
    segmentBytes: SEGMENT_BYTES,
  }
  return { bench, options }
}

async function childTask(bench: ArchiveBench, options: ArchiveOptions): Promise<ChildTask> {
  const [{ db } = { db: '' }] = await bench.rows<{ db: string }>('select current_database() as db')
  const { partition } = options
  return {
    client: { ...inject('rig').primary, user: bench.archiver, database: db },
    partition: { ...partition, lowUs: String(partition.lowUs), highUs: String(partition.highUs) },
    sink: pathToFileURL(bench.folder).href,
    segmentBytes: SEGMENT_BYTES,
  }
}

async function objectsOf(bench: ArchiveBench): Promise<string[]> {
  return (await readdir(join(bench.folder, 'public.events/events_2026_01'))).sort()
}

async function noted(bench: ArchiveBench): Promise<number[]> {
  const [counts] = await bench.rows<{ receipts: number; months: number; seals: number }>(
    `select (select count(*)::int from leasehold_guard.partition_receipt) as receipts,
            (select count(*)::int from leasehold.sealed_partition) as months, (select count(*)::int from leasehold.partition_seal) as seals`,
  )
  return counts ? [counts.receipts, counts.months, counts.seals] : []
}

describe('an archive that is cut off', () => {
  it('leaves nothing half done wherever its process is killed, and the next run ends with one manifest', {
    timeout: 60_000,
  }, async () => {
    const { bench, options } = await openBench()
    await using _ = bench
    const task = await childTask(bench, options)
    const random = new Random(7)
    const marks = [/^read 2000$/, /^read 14000$/, /^read-back 2\d*$/, /^read-back 20000$/, /^receipt/]
    for (const mark of marks) {
      const { lines, signal } = await runChild(task, { killAt: (line) => mark.test(line) })
      expect(signal, lines.join('\n')).toBe('SIGKILL')
    }
    for (let kill = 0; kill < 6; kill += 1) await runChild(task, { killAfterMs: 250 + random.below(600) })
    const { lines } = await runChild(task)
    expect(lines.at(-1)).toMatch(/^done /)
    expect(await noted(bench)).toEqual([1, 1, 10])
    const objects = await objectsOf(bench)
    expect(objects.filter((name) => name.startsWith('manifest-'))).toHaveLength(1)
    expect(objects.filter((name) => name.includes('partial'))).toEqual([])
    expect(objects.filter((name) => name.startsWith('rows-')).length).toBeGreaterThan(5)
    const manifest = `public.events/events_2026_01/${objects.find((name) => name.startsWith('manifest-'))}`
    expect(await verifyArchive({ sink: options.sink, manifest })).toEqual([])
    const again = await archivePartition(options)
    expect(lines.at(-1)).toBe(`done ${again.manifestSha256}`)
    expect(await objectsOf(bench)).toEqual(objects)
  })

  it('by a sink that is full notes nothing, and leaves no partial object', async () => {
    const { bench, options } = await openBench()
    await using _ = bench
    const task = await childTask(bench, options)
    const { lines } = await runChild(task, { fileBlocks: 20 })
    expect(lines.at(-1)).toMatch(/^failed sink .*EFBIG/)
    expect(await objectsOf(bench)).toEqual([])
    expect(await noted(bench)).toEqual([0, 0, 0])
    expect((await runChild(task)).lines.at(-1)).toMatch(/^done /)
  })

  it('by its signal ends at once and notes nothing', async () => {
    const { bench, options } = await openBench()
    await using _ = bench
    const stop = new AbortController()
    const onProgress = () => stop.abort()
    await expect(archivePartition({ ...options, signal: stop.signal, onProgress })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(await noted(bench)).toEqual([0, 0, 0])
    expect((await archivePartition(options)).noted).toBe(true)
  })
})

describe('an archive is not noted', () => {
  it('when the sink gives back other bytes than it was given', async () => {
    const { bench, options } = await openBench()
    await using _ = bench
    const sound = options.sink
    const get = async (name: string) => {
      const bytes = Buffer.from(await sound.get(name))
      if (name.includes('rows-00002')) bytes.writeUInt8(bytes.readUInt8(500) ^ 1, 500)
      return bytes
    }
    const failure = archivePartition({ ...options, sink: { ...sound, get } })
    await expect(failure).rejects.toMatchObject({
      reason: 'read-back',
      message: expect.stringContaining('rows-00002'),
    })
    const short = (name: string) => sound.get(name).then((bytes) => bytes.subarray(0, -1))
    await expect(archivePartition({ ...options, sink: { ...sound, get: short } })).rejects.toMatchObject({
      reason: 'read-back',
    })
    expect(await noted(bench)).toEqual([0, 0, 0])
  })

  it('when an object in the sink has the name and another size, which is left as it is', async () => {
    const { bench, options } = await openBench()
    await using _ = bench
    await archivePartition(options)
    await bench.admin.query('truncate leasehold_guard.partition_receipt')
    const name = (await objectsOf(bench)).find((object) => object.startsWith('rows-00001')) ?? ''
    const path = join(bench.folder, 'public.events/events_2026_01', name)
    await writeFile(path, 'something else')
    await expect(archivePartition(options)).rejects.toMatchObject({ reason: 'sink-conflict' })
    expect(await readFile(path, 'utf8')).toBe('something else')
  })

  it.each([
    ['truncated', 'truncate public_detached.events_2026_01'],
    [
      'written anew',
      'create table public.saved as select * from public_detached.events_2026_01; truncate public_detached.events_2026_01; insert into public_detached.events_2026_01 select * from public.saved',
    ],
    ['shortened', 'delete from public_detached.events_2026_01 where id = 5'],
    ['moved', 'alter table public_detached.events_2026_01 set schema public'],
    [
      'attached',
      `alter table public.events attach partition public_detached.events_2026_01 for values from ('2026-01-01 00:00+00') to ('2026-02-01 00:00+00')`,
    ],
  ])('when the table is %s meanwhile', async (_what, change) => {
    const { bench, options } = await openBench()
    await using _ = bench
    const { put } = options.sink
    const meddling = async (name: string, bytes: Uint8Array) => {
      if (name.includes('manifest')) await bench.admin.query(change)
      return put(name, bytes)
    }
    const failure = archivePartition({ ...options, sink: { ...options.sink, put: meddling } })
    await expect(failure).rejects.toMatchObject({ name: 'ArchiveError' })
    expect(await noted(bench)).toEqual([0, 0, 0])
  })

  it('by a role that does not see every row', async () => {
    const { bench, options } = await openBench()
    await using _ = bench
    const connect = bench.connectAs(bench.owner)
    await bench.admin.query(`grant insert on leasehold_guard.partition_receipt to ${bench.owner}`)
    await expect(archivePartition({ ...options, connect })).rejects.toMatchObject({ reason: 'row-security' })
  })

  it('when the table was dropped and made again since the plan', async () => {
    const { bench, options } = await openBench()
    await using _ = bench
    const partition = { ...options.partition, oid: 1 }
    await expect(archivePartition({ ...options, partition })).rejects.toMatchObject({
      reason: 'no-such-table',
    })
  })

  it('when rows differ from those that were sealed', async () => {
    const { bench, options } = await openBench()
    await using _ = bench
    await archivePartition(options)
    await bench.admin.query(`update public_detached.events_2026_01 set actor = 'somebody' where id = 777`)
    const failure = archivePartition(options)
    await expect(failure).rejects.toMatchObject({
      reason: 'seal',
      message: expect.stringContaining('rows differ'),
    })
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('somebody') })
  })
})

describe('receipts', () => {
  it('are noted for the table as it is: again where it was only written anew', async () => {
    const { bench, options } = await openBench()
    await using _ = bench
    const first = await archivePartition(options)
    await bench.admin.query('vacuum full public_detached.events_2026_01')
    expect(await archivePartition(options)).toEqual(first)
    expect(
      await bench.rows(
        `select filenode = pg_relation_filenode(table_oid) as current, manifest_sha256 as sha from leasehold_guard.partition_receipt order by id`,
      ),
    ).toEqual([
      { current: false, sha: first.manifestSha256 },
      { current: true, sha: first.manifestSha256 },
    ])
  })

  it('of archives that are made at the same time are one chain', async () => {
    const { bench, options } = await openBench()
    await using _ = bench
    const other = await bench.makeDetached(LOG_COLUMNS, insertLog(50, 'others'), 'others')
    const twin = {
      ...options,
      partition: { ...other, table: 'public.events', lowUs: options.partition.highUs, highUs: undefined },
    }
    const both = await Promise.allSettled([archivePartition(options), archivePartition(twin)])
    const failed = both.filter((one) => one.status === 'rejected')
    expect(failed).toMatchObject([{ reason: { reason: 'changed', retryable: true } }])
    for (const again of [options, twin]) await archivePartition(again)
    const receipts = await bench.rows<{ sha: string; previous: string | null }>(
      'select manifest_sha256 as sha, previous_sha256 as previous from leasehold_guard.partition_receipt order by id',
    )
    expect(receipts.map(({ previous }) => previous)).toEqual([null, receipts[0]?.sha])
  })
})

describe('a manifest', () => {
  it('names no tenant and no row, and goes on from the manifest of the month before', async () => {
    const { bench, options } = await openBench()
    await using _ = bench
    const first = await archivePartition(options)
    const other = {
      ...options,
      partition: await bench.makeDetached(LOG_COLUMNS, insertLog(50, 'others'), 'others'),
    }
    await archivePartition(other)
    await bench.asOwner(`alter table public_detached.others_2026_01 rename to events_2026_02`)
    const second = await archivePartition({
      ...options,
      partition: {
        ...options.partition,
        partition: 'events_2026_02',
        lowUs: options.partition.highUs,
        highUs: undefined,
      },
    })
    const manifests = await Promise.all(
      [first, second].map(async ({ manifestUri }) => readFile(new URL(manifestUri), 'utf8')),
    )
    const [one, two] = manifests.map((text) => JSON.parse(text))
    expect(one.previous).toBeNull()
    expect(two.previous).toBe(first.manifestSha256)
    expect(two.tenants.map(({ previous }: { previous: string }) => previous)).toEqual(
      one.tenants.map(({ seal }: { seal: string }) => seal),
    )
    expect(manifests.join('')).not.toMatch(/00000000-0000-4000-8000-|actor \d/)
  })
})
