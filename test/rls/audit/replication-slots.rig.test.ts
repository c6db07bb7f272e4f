import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AuditSubject } from '../../../src/rls/audit/audit-subject.ts'
import { publicationExports } from '../../../src/rls/audit/rules/surroundings/publication-exports.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { startRig } from '../../../src/testing/rig/start-rig.ts'

let rig: Rig
let client: pg.Client
beforeAll(async () => {
  // PostgreSQL makes logical slots at this level only, and in no transaction that has written.
  rig = await startRig({ standbys: 0, redis: false, settings: { wal_level: 'logical' } })
  client = new pg.Client({ connectionString: rig.primary.adminUrl() })
  await client.connect()
  await client.query('create role app login')
})
afterAll(async () => {
  await client.end()
  await rig.stop()
})

async function find(): Promise<readonly string[]> {
  await client.query('begin read only')
  const subject = await AuditSubject.open(client, {
    appRole: 'app',
    tenantColumn: 'tenant_id',
    tenantColumns: {},
    tenantSetting: 'app.tenant_id',
    settings: [],
    shared: [],
    backupRoles: [],
    sources: [],
  })
  const found = await publicationExports.find(subject)
  await client.query('commit')
  return found.map(({ severity, object, message }) => `${severity} ${object}: ${message}`)
}

describe('a replication slot', () => {
  it('is a warning when whoever reads it gets every change, and good to know when publications narrow it', async () => {
    await client.query("select pg_create_logical_replication_slot('changes', 'test_decoding')")
    await client.query("select pg_create_logical_replication_slot('published', 'pgoutput')")
    expect(await find()).toEqual([
      expect.stringMatching(
        /^warning changes: .* \(test_decoding\) gets every change of every tenant, published or not/,
      ),
      expect.stringMatching(/^info published: .* in whatever it names of the publications/),
    ])
    await client.query("select pg_drop_replication_slot('changes'), pg_drop_replication_slot('published')")
  })

  it('is none of the audit when it is physical, or of another database', async () => {
    await client.query("select pg_create_physical_replication_slot('standby')")
    await client.query('create database elsewhere')
    const other = new pg.Client({
      connectionString: rig.primary.url({ user: 'postgres', database: 'elsewhere' }),
    })
    await other.connect()
    await other.query("select pg_create_logical_replication_slot('theirs', 'test_decoding')")
    expect(await find()).toEqual([])
    await other.end()
  })
})
