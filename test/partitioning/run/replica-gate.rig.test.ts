import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { expect, inject, it, onTestFinished } from 'vitest'
import type { ReplicaReader } from '../../../src/partitioning/run/apply-plan.ts'
import { EventsDatabase, monthFromNow, partitionName } from './support/events-database.ts'
import { runOnce, shortIds } from './support/run-once.ts'

const { primary, standbys } = inject('rig')

/** Sessions of the replicas, once they have the database. */
async function onReplicas({ name, admin }: EventsDatabase): Promise<pg.Client[]> {
  const clients: pg.Client[] = []
  const { rows } = await admin.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn')
  onTestFinished(async () => {
    await Promise.all(clients.map((client) => client.end()))
  })
  for (const standby of standbys) {
    for (let n = 0; ; n += 1) {
      const client = new pg.Client({ ...standby, user: 'postgres', database: name })
      client.on('error', () => {})
      try {
        await client.connect()
        await client.query('select 1 / (pg_last_wal_replay_lsn() >= $1::pg_lsn)::int', [rows[0]?.lsn])
        clients.push(client)
        break
      } catch (error) {
        await client.end().catch(() => {})
        if (n === 200) throw error
        await sleep(50)
      }
    }
  }
  return clients
}

it('a partition that a replica reads is not detached; once nobody reads it there, it is', async () => {
  await using database = await EventsDatabase.create(primary)
  const client = await database.connect()
  const oldest = `public_parts.${partitionName('events', monthFromNow(-6))}`
  const watching = await onReplicas(database)
  const reading = await onReplicas(database)
  const replicas: ReplicaReader[] = watching.map((each, n) => ({ name: `replica ${n + 1}`, client: each }))
  const [, reader] = reading
  await reader?.query('begin; select count(*) from events')
  const report = await runOnce(database, client, { replicas, gateBudgetMs: 400 })
  expect(report.failed).toEqual([])
  expect(report.deferred.map(({ reason }) => reason)).toEqual(['replica'])
  expect(report.deferred[0]?.message).toContain(`sessions of the replica replica 2 use ${oldest}`)
  expect(shortIds(report.done).filter((id) => id.startsWith('premake'))).toHaveLength(4)
  expect(shortIds(report.done).filter((id) => id.endsWith('detach'))).toEqual([])
  // It was cancelled by nobody.
  await reader?.query('select 1; commit')
  const next = await runOnce(database, client, { replicas, gateBudgetMs: 400 })
  expect(next.deferred).toEqual([])
  expect(shortIds(next.done).filter((id) => id.endsWith('detach'))).toHaveLength(2)
})

it('a replica that cannot be asked keeps its readers', async () => {
  await using database = await EventsDatabase.create(primary)
  const client = await database.connect()
  const [gone] = await onReplicas(database)
  await gone?.end()
  const replicas = gone ? [{ name: 'replica 1', client: gone }] : []
  const report = await runOnce(database, client, { replicas, gateBudgetMs: 400 })
  expect(report.deferred.map(({ message }) => message)).toEqual([
    expect.stringContaining('replica 1 could not be asked'),
  ])
})
