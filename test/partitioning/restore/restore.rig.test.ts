import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { archivePartition } from '../../../src/partitioning/archive/archive-partition.ts'
import type { ArchiveReceipt } from '../../../src/partitioning/archive/archive-receipt.ts'
import { directorySink } from '../../../src/partitioning/archive/sink/directory-sink.ts'
import type { PartitionStep } from '../../../src/partitioning/plan/step.ts'
import { attachSteps, reattachSteps } from '../../../src/partitioning/restore/attach-steps.ts'
import { loadArchive } from '../../../src/partitioning/restore/load-archive.ts'
import type { LoadOptions } from '../../../src/partitioning/restore/load-options.ts'
import { ArchiveBench, HIGH_US, LOW_US } from '../archive/archive-bench.ts'
import { insertLog, LOG_COLUMNS } from '../archive/many-rows.ts'

const ROWS = 1_000
const DETACHED = 'public_detached.events_2026_01'
const ATTACHED = 'public_parts.events_2026_01'
const COUNT = 'select count(*)::int as n from public.events'

async function archive(bench: ArchiveBench): Promise<ArchiveReceipt> {
  const partition = await bench.makeDetached(LOG_COLUMNS, insertLog(ROWS))
  const sink = directorySink(bench.folder)
  return archivePartition({ partition, connect: () => bench.connect(), sink, format: 'ndjson.gz' })
}

function loading(bench: ArchiveBench, receipt: ArchiveReceipt): LoadOptions {
  const sink = directorySink(bench.folder)
  return {
    target: bench.target(),
    connect: bench.connectAs(bench.owner),
    sink,
    manifest: receipt.manifestUri.slice(sink.uri('x').length - 1),
    manifestSha256: receipt.manifestSha256,
  }
}

async function run(bench: ArchiveBench, steps: readonly PartitionStep[]): Promise<void> {
  for (const { statements } of steps) await bench.asOwner(`begin; ${statements.join('\n')} commit`)
}

/** The locks that a step holds before its commit, strongest per table, of tables that are named in it. */
async function locksOf(bench: ArchiveBench, step: PartitionStep): Promise<unknown[]> {
  const oids = await bench.rows<{ oid: number; name: string }>(
    `select c.oid, n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname in ('public', 'public_parts', 'public_detached', 'leasehold')`,
  )
  await bench.admin.query(`begin; set local role ${bench.owner}; ${step.statements.join('\n')}`)
  const held = await bench.rows<{ oid: number; mode: string }>(
    `select relation as oid, mode from pg_locks where pid = pg_backend_pid() and relation = any($1)`,
    [oids.map(({ oid }) => oid)],
  )
  await bench.admin.query('rollback')
  const order = [
    'AccessShare',
    'RowShare',
    'RowExclusive',
    'ShareUpdateExclusive',
    'Share',
    'ShareRowExclusive',
    'Exclusive',
    'AccessExclusive',
  ]
  return oids.flatMap(({ oid, name }) => {
    const modes = held
      .filter((lock) => lock.oid === oid)
      .map(({ mode }) => order.indexOf(mode.replace(/Lock$/, '')))
    const strongest = order[Math.max(...modes)]
    return strongest
      ? [{ table: name, mode: strongest.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toUpperCase() }]
      : []
  })
}

const byTable = (locks: readonly unknown[]) => locks.map((lock) => JSON.stringify(lock)).sort()

describe('taking back a detach', () => {
  it('attaches the table again without a scan for its bounds, and with the locks that were said', async () => {
    await using bench = await ArchiveBench.open()
    await bench.asOwner(`create table public.tenants (id uuid primary key); create table public.events (${LOG_COLUMNS},
        foreign key (tenant_id) references public.tenants) partition by range (created_at);
      create table ${ATTACHED} partition of public.events for values from ('2026-01-01 00:00+00') to ('2026-02-01 00:00+00');
      insert into public.tenants select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid from generate_series(0, 9) n;
      ${insertLog(ROWS)}`)
    await bench.asOwner(`alter table public.events detach partition ${ATTACHED} concurrently`)
    await bench.asOwner(`alter table ${ATTACHED} drop constraint events_tenant_id_fkey; alter table ${ATTACHED} set schema public_detached;
      comment on table ${DETACHED} is 'detached';
      insert into leasehold.partition_ledger ("table", partition, oid, state, detached_at, drop_after) values ('public.events', 'events_2026_01', '${DETACHED}'::regclass, 'detached', now(), now())`)
    const target = { ...bench.target(), foreignTables: ['public.tenants'] }
    const steps = reattachSteps(target, 'public_detached', {
      name: 'events_2026_01',
      lowUs: LOW_US,
      highUs: HIGH_US,
    })
    for (const step of steps) expect(byTable(await locksOf(bench, step))).toEqual(byTable(step.locks))

    await bench.admin.query('set client_min_messages = debug1')
    const notices: string[] = []
    bench.admin.on('notice', ({ message }) => notices.push(message ?? ''))
    await run(bench, steps)
    expect(notices).toContainEqual(
      expect.stringMatching(/partition constraint .* is implied by existing constraints/),
    )
    expect(await bench.rows(COUNT)).toEqual([{ n: ROWS }])
    expect(
      await bench.rows(
        `select state, drop_after, obj_description(oid, 'pg_class') as comment from leasehold.partition_ledger`,
      ),
    ).toEqual([{ state: 'attached', drop_after: null, comment: null }])
  })
})

describe('restoring an archive', () => {
  it('attaches what was loaded with the locks that were said, without a scan, and holds it', async () => {
    await using bench = await ArchiveBench.open()
    const receipt = await archive(bench)
    await bench.asOwner(
      `drop table ${DETACHED}; alter default privileges in schema public_parts grant all on tables to app`,
    )
    const { partition } = await loadArchive(loading(bench, receipt))
    expect(
      await bench.rows(
        `select relacl::text, relforcerowsecurity from pg_class where oid = '${ATTACHED}'::regclass`,
      ),
    ).toEqual([{ relacl: expect.not.stringContaining('app='), relforcerowsecurity: true }])
    const steps = attachSteps(bench.target(), partition)
    for (const step of steps) expect(byTable(await locksOf(bench, step))).toEqual(byTable(step.locks))
    await bench.admin.query('set client_min_messages = debug1')
    const notices: string[] = []
    bench.admin.on('notice', ({ message }) => notices.push(message ?? ''))
    await run(bench, steps)
    expect(notices).toContainEqual(
      expect.stringMatching(/partition constraint .* is implied by existing constraints/),
    )
    expect(await bench.rows(COUNT)).toEqual([{ n: ROWS }])
    expect(await bench.rows('select state, hold from leasehold.partition_ledger')).toEqual([
      { state: 'attached', hold: 'restored from its archive' },
    ])
  })

  it('makes a table anew that was loaded and never attached, and touches nothing else of that name', async () => {
    await using bench = await ArchiveBench.open()
    const receipt = await archive(bench)
    await loadArchive(loading(bench, receipt))
    const { partition } = await loadArchive(loading(bench, receipt))
    expect(await bench.rows('select state from leasehold.partition_ledger')).toEqual([{ state: 'staged' }])
    await run(bench, attachSteps(bench.target(), partition))
    await expect(loadArchive(loading(bench, receipt))).rejects.toMatchObject({
      reason: 'restore',
      message: expect.stringContaining('attached'),
    })
    expect(await bench.rows(COUNT)).toEqual([{ n: ROWS }])
  })

  it.each([
    ['a column is gone', 'alter table public.events drop column actor', 'actor text'],
    [
      'a column is of another type',
      'alter table public.events alter column action type varchar(3)',
      'action text',
    ],
    ['a CHECK refuses a row', 'alter table public.events add check (action <> $$delete$$)', '23514'],
    [
      'a computed column comes out differently',
      `alter table public.events drop column actor; alter table public.events add column actor text generated always as ('x') stored`,
      'actor text',
    ],
  ])('changes nothing when %s', async (_what, change, message) => {
    await using bench = await ArchiveBench.open()
    const receipt = await archive(bench)
    await bench.asOwner(change)
    await expect(loadArchive(loading(bench, receipt))).rejects.toMatchObject({
      reason: 'restore',
      message: expect.stringContaining(message),
    })
    expect(await bench.rows(`select to_regclass('${ATTACHED}') as there`)).toEqual([{ there: null }])
  })

  it('gives columns that came later their defaults', async () => {
    await using bench = await ArchiveBench.open()
    const receipt = await archive(bench)
    await bench.asOwner(`alter table public.events add column later text not null default 'since'`)
    const { partition } = await loadArchive(loading(bench, receipt))
    await run(bench, attachSteps(bench.target(), partition))
    expect(await bench.rows(`select distinct later from public.events`)).toEqual([{ later: 'since' }])
  })

  it('follows no manifest but the one whose hash was noted, and none that leads out of the sink', async () => {
    await using bench = await ArchiveBench.open()
    const receipt = await archive(bench)
    const path = fileURLToPath(receipt.manifestUri)
    const text = await readFile(path, 'utf8')
    const exchange = async (changed: string) => {
      await writeFile(path, changed)
      const options = loading(bench, receipt)
      const noted = loadArchive(options)
      await expect(noted).rejects.toMatchObject({ reason: 'manifest' })
      return loadArchive({ ...options, manifestSha256: createHash('sha256').update(changed).digest('hex') })
    }
    await expect(
      exchange(text.replace(/"name": "public.events/, '"name": "../../etc')),
    ).rejects.toMatchObject({ reason: 'manifest' })
    await expect(exchange(text.replace(/"rows": 1000,/, '"rows": 999,'))).rejects.toMatchObject({
      reason: 'manifest',
    })
    await expect(exchange(text.replace(/"version": 1/, '"version": 2'))).rejects.toMatchObject({
      reason: 'manifest',
    })
    await expect(
      exchange(
        text.replace(/"sha256": "[0-9a-f]{64}",\n "keyRange/, `"sha256": "${'0'.repeat(64)}",\n "keyRange`),
      ),
    ).rejects.toMatchObject({ reason: 'restore' })
    await expect(
      exchange(text.replace('"table": "public.events"', '"table": "public.others"')),
    ).rejects.toMatchObject({ reason: 'restore' })
    expect(await bench.rows(`select to_regclass('${ATTACHED}') as there`)).toEqual([{ there: null }])
  })

  it('leaves nothing when its connection is lost half way', async () => {
    await using bench = await ArchiveBench.open()
    const receipt = await archive(bench)
    const options = loading(bench, receipt)
    const killed = loadArchive({
      ...options,
      onProgress: () => {
        void bench.admin.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${bench.owner}'`,
        )
      },
      sink: {
        ...options.sink,
        get: async (name) => {
          const bytes = await options.sink.get(name)
          if (name.includes('rows-'))
            await bench.admin.query(
              `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${bench.owner}'`,
            )
          return bytes
        },
      },
    })
    await expect(killed).rejects.toThrow()
    expect(await bench.rows(`select to_regclass('${ATTACHED}') as there`)).toEqual([{ there: null }])
    expect((await loadArchive(options)).manifest.rows).toBe(ROWS)
  })
})
