import { describe, expect, it } from 'vitest'
import { archivePartition } from '../../../src/partitioning/archive/archive-partition.ts'
import { directorySink } from '../../../src/partitioning/archive/sink/directory-sink.ts'
import { attachSteps } from '../../../src/partitioning/restore/attach-steps.ts'
import { loadArchive } from '../../../src/partitioning/restore/load-archive.ts'
import { verifyPartition } from '../../../src/partitioning/seal/seal-partition.ts'
import { ArchiveBench } from './archive-bench.ts'
import { insertTyped, TYPED_COLUMNS, TYPES_SCHEMA } from './every-type.ts'

/** What a role may be set to, and each of which has PostgreSQL write some value in another way. */
const HOSTILE = [
  `timezone = 'Asia/Kolkata'`,
  `datestyle = 'SQL, DMY'`,
  `intervalstyle = 'sql_standard'`,
  `bytea_output = 'escape'`,
  'extra_float_digits = -10',
  'quote_all_identifiers = on',
  'search_path = kinds, public',
  `xmloption = 'document'`,
]

describe('an archive', () => {
  it.each(['ndjson.gz', 'parquet'] as const)(
    'in %s gives back every value of every type byte by byte, once the table was dropped and restored',
    async (format) => {
      await using bench = await ArchiveBench.open()
      await bench.admin.query(TYPES_SCHEMA)
      const partition = await bench.makeDetached(TYPED_COLUMNS, insertTyped())
      for (const role of [bench.archiver, bench.owner]) {
        for (const setting of HOSTILE) await bench.admin.query(`alter role ${role} set ${setting}`)
      }
      const before = await binaryRows(bench, 'public_detached.events_2026_01')
      expect(before).toHaveLength(6)
      const sink = directorySink(bench.folder)
      const receipt = await archivePartition({ partition, connect: () => bench.connect(), sink, format })
      expect(receipt).toMatchObject({ rows: 6n, noted: true })

      await bench.asOwner('drop table public_detached.events_2026_01')
      const { partition: loaded, manifest } = await loadArchive({
        target: bench.target(),
        connect: bench.connectAs(bench.owner),
        sink,
        manifest: receipt.manifestUri.replace(sink.uri('x').slice(0, -1), ''),
        manifestSha256: receipt.manifestSha256,
      })
      expect(manifest).toMatchObject({ rows: 6, format, tenants: [{ rows: 3 }, { rows: 3 }] })
      for (const step of attachSteps(bench.target(), loaded)) {
        await bench.asOwner(`begin; ${step.statements.join('\n')} commit`)
      }

      expect(await binaryRows(bench, 'public.events')).toEqual(before)
      expect(
        await bench.rows(
          "select relrowsecurity, relforcerowsecurity, relispartition from pg_class where relname = 'events_2026_01'",
        ),
      ).toEqual([{ relrowsecurity: true, relforcerowsecurity: true, relispartition: true }])
      const restored = bench.partition('events', 'public_parts')
      // Who is set to nothing of the kind finds the rows that were sealed.
      expect(await verifyPartition({ partition: restored, connect: bench.connectAs('postgres') })).toEqual([])
    },
  )
})

/** The rows as PostgreSQL's binary output functions give them, which no setting changes. */
async function binaryRows(bench: ArchiveBench, table: string): Promise<string[]> {
  const sends = await bench.rows<{ send: string }>(
    `select string_agg(format('coalesce(%s(%I), ''null'')', t.typsend::regproc, a.attname), ' || ''|'' || ' order by a.attname) as send
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = '${table}'::regclass and a.attnum > 0 and not a.attisdropped`,
  )
  const rows = await bench.rows<{ row: string }>(
    `select encode(${sends[0]?.send}, 'hex') as row from ${table} order by 1`,
  )
  return rows.map(({ row }) => row)
}
