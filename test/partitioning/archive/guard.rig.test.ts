import { describe, expect, it } from 'vitest'
import { archivePartition } from '../../../src/partitioning/archive/archive-partition.ts'
import { dropGuardSql } from '../../../src/partitioning/archive/guard/drop-guard-sql.ts'
import { directorySink } from '../../../src/partitioning/archive/sink/directory-sink.ts'
import { ArchiveBench, SET } from './archive-bench.ts'
import { insertLog, LOG_COLUMNS } from './many-rows.ts'

const TABLE = 'public_detached.events_2026_01'
const REFUSED = { code: '55000', message: expect.stringContaining('has no receipt') }

function archive(bench: ArchiveBench, schema = 'public_detached') {
  return archivePartition({
    partition: bench.partition('events', schema),
    connect: () => bench.connect(),
    sink: directorySink(bench.folder),
    format: 'ndjson.gz',
  })
}

describe('the drop guard', () => {
  it('refuses to drop a detached table without a receipt, however it is tried', async () => {
    await using bench = await ArchiveBench.open()
    await bench.makeDetached(LOG_COLUMNS, insertLog(100))
    const ways = [
      `drop table ${TABLE}`,
      `drop table ${TABLE} cascade`,
      'drop schema public_detached cascade',
      'drop owned by current_user cascade',
      `alter table ${TABLE} set schema public; drop table public.events_2026_01`,
      `alter table ${TABLE} rename to other; drop table public_detached.other`,
      `insert into leasehold.partition_ledger ("table", partition, oid, state) values ('public.events', 'events_2026_01', '${TABLE}'::regclass, 'archived'); drop table ${TABLE}`,
    ]
    for (const way of ways) {
      await expect(bench.asOwner(`begin; ${way}`), way).rejects.toMatchObject(REFUSED)
    }
    expect(await bench.rows(`select count(*)::int as n from ${TABLE}`)).toEqual([{ n: 100 }])
  })

  it('lets an archived one go, and nothing else of the same name', async () => {
    await using bench = await ArchiveBench.open()
    await bench.makeDetached(LOG_COLUMNS, insertLog(100))
    await archive(bench)
    await bench.asOwner(`drop table ${TABLE}`)
    await bench.asOwner(`create table ${TABLE} ()`)
    await expect(bench.asOwner(`drop table ${TABLE}`)).rejects.toMatchObject(REFUSED)
  })

  it('takes no receipt of anybody but the archiver, and lets nobody change one', async () => {
    await using bench = await ArchiveBench.open()
    await bench.makeDetached(LOG_COLUMNS, insertLog(100))
    const hash = 'a'.repeat(64)
    const forged = `insert into leasehold_guard.partition_receipt (table_name, partition, table_oid, filenode, manifest_uri, manifest_sha256, rows, bytes, rows_sha256)
      values ('public.events', 'events_2026_01', '${TABLE}'::regclass, 1, '', '${hash}', 100, 1, '${hash}')`
    const denied = { code: '42501' }
    for (const text of [
      forged,
      'drop table leasehold_guard.partition_receipt',
      'drop function leasehold_guard.refuse_drop() cascade',
      'drop event trigger leasehold_drop_guard',
      'drop schema leasehold_guard cascade',
      'delete from leasehold_guard.detached_table',
    ]) {
      await expect(bench.asOwner(text), text).rejects.toMatchObject(denied)
    }
    const archiver = await bench.connect()
    for (const text of [
      'update leasehold_guard.partition_receipt set rows = 1',
      'delete from leasehold.partition_seal',
      `drop table ${TABLE}`,
    ]) {
      await expect(archiver.query(text), text).rejects.toMatchObject(denied)
    }
    await archiver.end()
  })

  it('does not take the archive of an attached partition for one of the detached table', async () => {
    await using bench = await ArchiveBench.open()
    await bench.asOwner(`create table public.events (${LOG_COLUMNS}) partition by range (created_at);
      create table public_parts.events_2026_01 partition of public.events for values from ('2026-01-01 00:00+00') to ('2026-02-01 00:00+00');
      ${insertLog(100)}; grant select on public_parts.events_2026_01 to ${bench.archiver}`)
    expect(await archive(bench, 'public_parts')).toMatchObject({ rows: 100n, noted: false })
    await bench.asOwner(`alter table public.events detach partition public_parts.events_2026_01;
      alter table public_parts.events_2026_01 set schema public_detached`)
    await expect(bench.asOwner(`drop table ${TABLE}`)).rejects.toMatchObject(REFUSED)
    expect(await archive(bench)).toMatchObject({ noted: true })
    await bench.asOwner(`drop table ${TABLE}`)
  })

  it('knows tables that were detached before it was there, and leaves all others alone', async () => {
    await using bench = await ArchiveBench.open({ guard: false })
    await bench.makeDetached(LOG_COLUMNS, insertLog(100))
    await expect(archive(bench)).rejects.toMatchObject({ reason: 'no-guard' })
    for (let run = 0; run < 2; run += 1) {
      await bench.admin.query(`begin; ${dropGuardSql(SET, bench).join('\n')} commit`)
    }
    await bench.asOwner(`alter table ${TABLE} set schema public`)
    await expect(bench.asOwner('drop table public.events_2026_01')).rejects.toMatchObject(REFUSED)
    await bench.asOwner(
      'drop table public.events; create temp table x (); drop table x; create table public.y (); drop table public.y',
    )
  })
})
