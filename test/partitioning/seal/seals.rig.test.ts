import { describe, expect, it } from 'vitest'
import { archivePartition } from '../../../src/partitioning/archive/archive-partition.ts'
import { directorySink } from '../../../src/partitioning/archive/sink/directory-sink.ts'
import { sealPartition, verifyPartition, verifySeals } from '../../../src/partitioning/seal/seal-partition.ts'
import { ArchiveBench, HIGH_US, LOW_US } from '../archive/archive-bench.ts'
import { insertLog, LOG_COLUMNS } from '../archive/many-rows.ts'

/** Three closed months of one table, attached. */
async function openMonths(bench: ArchiveBench, columns = LOG_COLUMNS) {
  const march = BigInt(Date.UTC(2026, 2, 1)) * 1000n
  const may = BigInt(Date.UTC(2026, 3, 1)) * 1000n
  await bench.asOwner(`create table public.events (${columns}) partition by range (created_at);
    create table public_parts.events_2026_01 partition of public.events for values from ('2026-01-01 00:00+00') to ('2026-02-01 00:00+00');
    create table public_parts.events_2026_02 partition of public.events for values from ('2026-02-01 00:00+00') to ('2026-03-01 00:00+00');
    create table public_parts.events_2026_03 partition of public.events for values from ('2026-03-01 00:00+00') to ('2026-04-01 00:00+00');
    grant select on all tables in schema public_parts to ${bench.archiver};
    ${insertLog(9_000, 'events', '14 min')}`)
  const month = (partition: string, lowUs: bigint, highUs: bigint) => ({
    partition: { ...bench.partition('events', 'public_parts'), partition, lowUs, highUs },
    connect: () => bench.connect(),
  })
  return [
    month('events_2026_01', LOW_US, HIGH_US),
    month('events_2026_02', HIGH_US, march),
    month('events_2026_03', march, may),
  ] as const
}

describe('seals of months', () => {
  it('are chained for each tenant, and show a seal that was changed, taken out or made again', {
    timeout: 60_000,
  }, async () => {
    await using bench = await ArchiveBench.open()
    const months = await openMonths(bench)
    const sealed = []
    for (const month of months) sealed.push(await sealPartition(month))
    const [first, second, third] = sealed
    expect(first?.tenants.map(({ previous }) => previous)).toEqual(Array(10).fill(undefined))
    expect(second?.tenants.map(({ previous }) => previous)).toEqual(first?.tenants.map(({ seal }) => seal))
    expect(third?.tenants.map(({ previous }) => previous)).toEqual(second?.tenants.map(({ seal }) => seal))
    const verify = () => verifySeals({ ...months[0], table: 'public.events' })
    expect(await verify()).toEqual([])
    const one = second?.tenants[4]
    const at = `where tenant = '${one?.tenant}' and seal = '${one?.seal}'`
    for (const [change, kinds] of [
      [`update leasehold.partition_seal set rows = rows + 1 ${at}`, ['seal']],
      [`update leasehold.partition_seal set root = '${'0'.repeat(64)}' ${at}`, ['seal', 'chunks']],
      [`update leasehold.partition_seal set chunks = set_byte(chunks, 3, 0) ${at}`, ['chunks']],
      [`update leasehold.partition_seal set previous = '${'0'.repeat(64)}' ${at}`, ['seal', 'chain']],
      [`update leasehold.partition_seal set seal = '${'0'.repeat(64)}' ${at}`, ['seal', 'month', 'chain']],
      [`delete from leasehold.partition_seal ${at}`, ['month', 'chain']],
    ] as const) {
      await bench.admin.query(`create table public.saved as select * from leasehold.partition_seal`)
      await bench.admin.query(change)
      const findings = await verify()
      expect(findings.map(({ kind }) => kind).sort(), change).toEqual([...kinds].sort())
      expect(findings.every(({ tenant }) => tenant === undefined || tenant === one?.tenant)).toBe(true)
      await bench.admin.query(
        `truncate leasehold.partition_seal; insert into leasehold.partition_seal overriding system value select * from public.saved; drop table public.saved`,
      )
    }
    expect(await verify()).toEqual([])
  })

  it('of a month that is sealed again are compared, and stay as they were', async () => {
    await using bench = await ArchiveBench.open()
    const [month] = await openMonths(bench)
    const sealed = await sealPartition(month)
    expect((await sealPartition(month)).seal).toBe(sealed.seal)
    await bench.asOwner('update public_parts.events_2026_01 set actor = null where id = 9')
    await expect(sealPartition(month)).rejects.toMatchObject({ reason: 'seal' })
    expect(await bench.rows('select seal from leasehold.sealed_partition')).toEqual([{ seal: sealed.seal }])
  })

  it('are not made of a month that is not over', async () => {
    await using bench = await ArchiveBench.open()
    const [month] = await openMonths(bench)
    const highUs = BigInt(Date.now() + 86_400_000) * 1000n
    const failure = sealPartition({ ...month, partition: { ...month.partition, highUs } })
    await expect(failure).rejects.toMatchObject({
      reason: 'changed',
      message: expect.stringContaining('not over yet'),
    })
  })

  it('hold for the columns that were sealed, when others are added later, and in an archive of all of them', async () => {
    await using bench = await ArchiveBench.open()
    const [month] = await openMonths(bench)
    await sealPartition(month)
    await bench.asOwner(`alter table public.events add column later text default 'x'`)
    expect(await verifyPartition(month)).toEqual([])
    const sink = directorySink(bench.folder)
    expect(await archivePartition({ ...month, sink, format: 'ndjson.gz' })).toMatchObject({ noted: false })
    await bench.asOwner('update public_parts.events_2026_01 set action = $$x$$ where id = 3')
    expect(await verifyPartition(month)).toMatchObject([{ kind: 'changed', fromRow: 0n }])
    await bench.asOwner('alter table public.events drop column action')
    await expect(verifyPartition(month)).rejects.toMatchObject({ reason: 'seal' })
  })

  it('by a key differ from those without, and take the same key to be compared', async () => {
    await using bench = await ArchiveBench.open()
    const [month, next] = await openMonths(bench)
    const plain = await sealPartition(month)
    const keyed = await sealPartition({ ...next, tenantHashKey: 'of the company' })
    expect(new Set([...plain.tenants, ...keyed.tenants].map(({ tenant }) => tenant)).size).toBe(20)
    expect(await verifyPartition({ ...next, tenantHashKey: 'of the company' })).toEqual([])
    await expect(verifyPartition(next)).rejects.toMatchObject({ reason: 'seal' })
  })

  it('are of rows in one order too where there is no primary key, and see two equal rows as two', async () => {
    await using bench = await ArchiveBench.open()
    const [month] = await openMonths(
      bench,
      'tenant_id uuid, id bigint, created_at timestamptz, actor text, action text, details jsonb',
    )
    await bench.asOwner(
      'insert into public_parts.events_2026_01 select * from public_parts.events_2026_01 where id = 7; insert into public_parts.events_2026_01 (created_at, id) select $$2026-01-05 00:00+00$$, n from generate_series(1, 50) n',
    )
    const { tenants } = await sealPartition(month)
    expect(tenants).toHaveLength(11)
    await bench.asOwner(
      'create table public.saved as select * from public_parts.events_2026_01; truncate public_parts.events_2026_01; insert into public_parts.events_2026_01 select * from public.saved order by md5(id::text)',
    )
    expect(await verifyPartition(month)).toEqual([])
    await bench.asOwner(
      'delete from public_parts.events_2026_01 where ctid = (select ctid from public_parts.events_2026_01 where id = 7 limit 1)',
    )
    expect(await verifyPartition(month)).toMatchObject([{ kind: 'deleted' }])
  })
})
