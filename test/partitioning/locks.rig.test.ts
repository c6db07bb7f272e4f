import type pg from 'pg'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { dropGuardSql } from '../../src/partitioning/archive/guard/drop-guard-sql.ts'
import { readCatalog } from '../../src/partitioning/catalog/read-catalog.ts'
import { planPartitions } from '../../src/partitioning/plan/plan-partitions.ts'
import type { PartitionStep } from '../../src/partitioning/plan/step.ts'
import { SET_SESSION } from '../../src/partitioning/run/session-settings.ts'
import type { ServerAddress } from '../../src/testing/rig/databases.ts'
import { startRig } from '../../src/testing/rig/start-rig.ts'
import { HAS_15 } from '../support/postgres-15.ts'
import {
  EventsDatabase,
  type EventsOptions,
  monthFromNow,
  partitionName,
} from './run/support/events-database.ts'
import { observeStep, strongest, watchDetach } from './run/support/observe-locks.ts'

const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())

const SERVERS: Readonly<Record<string, () => Promise<ServerAddress>>> = {
  '18': () => Promise.resolve(inject('rig').primary),
  '15': async () => {
    const rig = await startRig({ major: 15, standbys: 0, redis: false })
    resources.defer(() => rig.stop())
    return rig.primary
  },
}
const ARCHIVED: EventsOptions = {
  table: { archive: { format: 'ndjson.gz', sink: 'file:///unused' }, graceDays: 1 },
}

describe.each(Object.keys(SERVERS).filter((major) => major !== '15' || HAS_15))(
  'on PostgreSQL %s every step holds the locks that its plan tells of',
  (major) => {
    it.each([
      ['with a foreign key', true],
      ['without one', false],
    ])('%s: prepare, finalize, premake, retire, archive, analyze, drop', async (_, hasKey) => {
      await using database = await EventsDatabase.create(
        await (SERVERS[major] ?? SERVERS[18] ?? fail)(),
        ARCHIVED,
      )
      const { admin, set, owner } = database
      if (!hasKey) await admin.query('alter table events drop constraint events_tenant_id_fkey')
      await admin.query('create role archiver_role').catch(() => {})
      for (const statement of dropGuardSql(set, { archiver: 'archiver_role', owner }))
        await admin.query(statement)
      await watchDetach(database)
      await leavePending({ admin, connect: () => database.connect() })
      const client = await database.connect()
      await client.query(SET_SESSION)
      const seen: string[] = []
      for (let round = 0; round < 3; round += 1) {
        const catalog = await readCatalog(client, set)
        expect(String(Math.trunc(catalog.serverVersion / 10_000))).toBe(major)
        const { steps, refusals } = planPartitions(set, catalog)
        expect(refusals).toEqual([])
        for (const step of steps) {
          if (step.kind === 'gate') continue
          if (step.kind === 'archive') await noteReceipt(database, step.relation?.oid ?? 0)
          const observed = await observeStep(database, client, step)
          expect({ id: step.id, locks: observed }).toEqual({ id: step.id, locks: strongest(predicted(step)) })
          seen.push(step.id.replace(/^(\w+)\/.*?\/([\w-]+)$/, '$1 $2'))
        }
        await admin.query(
          "update leasehold.partition_ledger set drop_after = now() - interval '1 hour' where drop_after is not null",
        )
      }
      for (const step of [
        'prepare ledger',
        'reconcile note',
        'reconcile finalize',
        'reconcile secure',
        'premake stage',
        'premake attach',
        'retire mark',
        'retire detach',
      ]) {
        expect(seen).toContain(step)
      }
      for (const step of ['retire secure', 'archive archive', 'analyze analyze', 'drop drop'])
        expect(seen).toContain(step)
      await database.admin.query('drop owned by archiver_role')
    })
  },
)

function fail(): never {
  throw new Error('no such server')
}

/** The archiver reads the partition, and notes the receipt, in sessions of its own; the step's transaction has the ledger take it over. */
function predicted({ kind, locks }: PartitionStep): PartitionStep['locks'] {
  return kind === 'archive' ? locks.filter(({ table }) => table === 'leasehold.partition_ledger') : locks
}

/** A detach that was interrupted while a reader used the partition. */
async function leavePending({
  admin,
  connect,
}: {
  readonly admin: EventsDatabase['admin']
  readonly connect: () => Promise<pg.Client>
}): Promise<void> {
  const oldest = `public_parts.${partitionName('events', monthFromNow(-6))}`
  const client = await connect()
  await admin.query(`begin; lock table only ${oldest} in access share mode`)
  await client.query("set lock_timeout = '100ms'")
  await expect(client.query(`alter table events detach partition ${oldest} concurrently`)).rejects.toThrow(
    /lock timeout/,
  )
  await admin.query('commit')
  await client.end()
}

async function noteReceipt({ admin }: EventsDatabase, oid: number): Promise<void> {
  const { rows } = await admin.query('select relname, relfilenode from pg_class where oid = $1', [oid])
  const [{ relname, relfilenode }] = rows as [{ relname: string; relfilenode: number }]
  await admin.query(
    `insert into leasehold_guard.partition_receipt (table_name, partition, table_oid, filenode, manifest_uri, manifest_sha256, previous_sha256, rows, bytes, rows_sha256)
     select 'public.events', $1, $2, $3, 'file:///unused', md5($1) || md5($1), (select manifest_sha256 from leasehold_guard.partition_receipt order by id desc limit 1), 20, 1, md5($1) || md5($1)`,
    [relname, oid, relfilenode],
  )
}
