import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { archiver } from '../../../src/partitioning/archive/archive-step.ts'
import type { PartitionSet } from '../../../src/partitioning/definition/partition-options.ts'
import { noteArchived, noteDetached } from '../../../src/partitioning/plan/sql/ledger-notes.ts'
import type { PartitionStep } from '../../../src/partitioning/plan/step.ts'
import { ArchiveBench, SET } from './archive-bench.ts'
import { insertLog, LOG_COLUMNS } from './many-rows.ts'

describe('a step of the kind archive', () => {
  it('goes to the sink of its table, and leaves the receipt that the ledger asks for', async () => {
    await using bench = await ArchiveBench.open()
    const { lowUs, highUs, key, ...partition } = await bench.makeDetached(LOG_COLUMNS, insertLog(100))
    const [{ oid } = { oid: 0 }] = await bench.rows<{ oid: number }>(
      `select 'public_detached.events_2026_01'::regclass::oid as oid`,
    )
    const archive = { format: 'ndjson.gz', sink: pathToFileURL(bench.folder).href } as const
    const table = {
      name: 'events',
      key,
      keyType: 'timestamptz',
      premake: 3,
      retainMonths: 1,
      graceDays: 14,
      archive,
      minLeaves: 1,
      maxRetirePerRun: 1,
    } as const
    const set: PartitionSet = { ...SET, tables: [table] }
    const noted = { table: partition.table, partition: partition.partition, oid, lowUs, highUs }
    const step: PartitionStep = {
      id: 'archive/public.events/2026-01/archive',
      phase: 'archive',
      table: partition.table,
      partition: partition.partition,
      purpose: 'archives',
      kind: 'archive',
      statements: [noteArchived(noted)],
      locks: [],
      lockTimeoutMs: 100,
      chain: 'x',
      relation: { oid, schema: partition.schema, name: partition.partition, lowUs, highUs, key },
    }
    await bench.asOwner(noteDetached(noted, 0))
    const run = archiver({ set, connect: () => bench.connect() })
    const receipt = await run(step, undefined)
    for (const text of step.statements) await bench.asOwner(text)
    expect(
      await bench.rows('select state, archive_uri, rows, sha256 from leasehold.partition_ledger'),
    ).toEqual([{ state: 'archived', archive_uri: receipt.manifestUri, rows: '100', sha256: receipt.sha256 }])
    const other = archiver({
      set: { ...set, tables: [{ ...table, archive: undefined }] },
      connect: () => bench.connect(),
    })
    await expect(other(step, undefined)).rejects.toMatchObject({ code: 'LSH_ERR_CONFIG' })
  })
})
