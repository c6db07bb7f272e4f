import { describe, expect, it } from 'vitest'
import { archivePartition } from '../../../src/partitioning/archive/archive-partition.ts'
import { directorySink } from '../../../src/partitioning/archive/sink/directory-sink.ts'
import { loadArchive } from '../../../src/partitioning/restore/load-archive.ts'
import { proveRow, provesRow } from '../../../src/partitioning/seal/prove-row.ts'
import { sealPartition, verifyPartition, verifySeals } from '../../../src/partitioning/seal/seal-partition.ts'
import { ArchiveBench } from './archive-bench.ts'
import { insertLog, LOG_COLUMNS } from './many-rows.ts'

const ROWS = 100_000
const LIMIT_MS = 30_000

describe('100,000 rows', () => {
  it.each(['ndjson.gz', 'parquet'] as const)(
    'are archived and restored in %s in time',
    { timeout: 120_000 },
    async (format) => {
      await using bench = await ArchiveBench.open()
      const partition = await bench.makeDetached(LOG_COLUMNS, insertLog(ROWS))
      const sink = directorySink(bench.folder)
      const began = performance.now()
      const receipt = await archivePartition({
        partition,
        connect: () => bench.connect(),
        sink,
        format,
        segmentBytes: 4_000_000,
      })
      const archived = performance.now()
      await bench.asOwner('drop table public_detached.events_2026_01')
      const { manifest } = await loadArchive({
        target: bench.target(),
        connect: bench.connectAs(bench.owner),
        sink,
        manifest: receipt.manifestUri.slice(sink.uri('x').length - 1),
      })
      const restored = performance.now()
      expect(manifest.rows).toBe(ROWS)
      expect(archived - began).toBeLessThan(LIMIT_MS)
      expect(restored - archived).toBeLessThan(LIMIT_MS)
    },
  )

  it('that were sealed show one changed, deleted, added or moved row, and whose it is', {
    timeout: 120_000,
  }, async () => {
    await using bench = await ArchiveBench.open()
    const partition = await bench.makeDetached(LOG_COLUMNS, insertLog(ROWS))
    const options = { partition, connect: () => bench.connect() }
    const { tenants } = await sealPartition(options)
    expect(tenants).toHaveLength(10)
    expect(await verifyPartition(options)).toEqual([])
    expect(await verifySeals({ ...options, table: partition.table })).toEqual([])
    const table = 'public_detached.events_2026_01'
    const changes = [
      ['changed', `update ${table} set details = details || '{"n": 0}' where id = 54321`],
      ['changed', `update ${table} set actor = null where id = 1`],
      ['changed', `update ${table} set created_at = created_at + interval '1 us' where id = 99999`],
      [
        'changed',
        `update ${table} a set created_at = b.created_at from ${table} b where (a.id, b.id) in ((50, 60), (60, 50))`,
      ],
      ['deleted', `delete from ${table} where id = 70000`],
      [
        'added',
        `insert into ${table} select tenant_id, 0, created_at, actor, action, details from ${table} where id = 33333`,
      ],
    ] as const
    for (const [kind, change] of changes) {
      await bench.admin.query(`create table public.saved as select * from ${table}`)
      await bench.admin.query(change)
      const findings = await verifyPartition(options)
      expect(findings, change).toHaveLength(1)
      expect(findings?.[0], change).toMatchObject({ kind })
      const [finding] = findings ?? []
      expect(Number((finding?.toRow ?? 0n) - (finding?.fromRow ?? 0n))).toBeLessThanOrEqual(256)
      expect(tenants.map(({ tenant }) => tenant)).toContain(finding?.tenant)
      await bench.admin.query(
        `truncate ${table}; insert into ${table} select * from public.saved; drop table public.saved`,
      )
    }
    expect(await verifyPartition(options)).toEqual([])
  })

  it('give a tenant a proof for one row, which holds nothing of others', async () => {
    await using bench = await ArchiveBench.open()
    const partition = await bench.makeDetached(LOG_COLUMNS, insertLog(ROWS))
    const options = { partition, connect: () => bench.connect() }
    const { tenants } = await sealPartition(options)
    const proof = await proveRow({ ...options, tenantId: '00000000-0000-4000-8000-000000000003', row: 4_321 })
    expect(provesRow(proof)).toBe(true)
    expect(provesRow({ ...proof, row: proof.row.with(3, 'somebody') })).toBe(false)
    expect(provesRow({ ...proof, seal: { ...proof.seal, previous: proof.seal.root } })).toBe(false)
    const shown = JSON.stringify(proof, (_, value) => (typeof value === 'bigint' ? String(value) : value))
    const others = tenants.filter(({ tenant }) => tenant !== proof.seal.tenant)
    expect(others).toHaveLength(9)
    for (const { tenant, root, seal } of others) {
      for (const hash of [tenant, root, seal]) expect(shown).not.toContain(hash)
    }
  })
})
