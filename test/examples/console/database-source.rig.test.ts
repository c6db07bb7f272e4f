import { createHash } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseSource } from '../../../examples/console/collect/database-source.ts'
import { audited } from '../../../examples/console/lib/audited.ts'
import { type PlatformSchema, startPlatformSchema } from '../support/start-platform-schema.ts'

const CLINICS = 4
const PATIENTS = 400

describe("what the operators' login sees of the clinics' server", () => {
  const resources = new AsyncDisposableStack()
  let platform: PlatformSchema
  let url: string

  beforeAll(async () => {
    platform = await startPlatformSchema(
      resources,
      { standbys: 1, redis: false },
      { clinics: CLINICS, patients: PATIENTS, identityUrl: 'http://127.0.0.1:9' },
    )
    await platform.admin.query('analyze patients')
    url = platform.primary.url({ user: 'operator_reader', database: 'postgres' })
  }, 120_000)
  afterAll(() => resources.disposeAsync())

  it('is connections, standbys, months, findings, clinics, and about how many patients there are', async () => {
    const source = databaseSource('clinic', url, audited)
    resources.defer(() => source.close())
    const { server, months, findings } = await source.read()
    const { clinics, patients } = await source.readDirectory()

    expect(server).toMatchObject({ ok: true, value: { standbys: [{ state: 'streaming' }] } })
    expect(server.ok && server.value.connections.some(({ role }) => role === 'operator_reader')).toBe(true)
    expect(months).toMatchObject({ ok: true, value: [{ table: 'public.audit_log', monthsAhead: 3 }] })
    expect(months.ok && months.value[0]?.partitions.every(({ from, to }) => from && to)).toBe(true)
    expect(findings.ok && findings.value.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(clinics.ok && clinics.value.map(({ isDedicated }) => isDedicated).sort()).toEqual([
      ...Array.from({ length: CLINICS - 1 }, () => false),
      true,
    ])
    const { rows } = await platform.admin.query<{ count: string }>('select count(*) from patients')
    expect(patients).toMatchObject({ ok: true, value: Number(rows[0]?.count) })
  })

  it('has the hash of a tenant that its events carry, and no tenant id', async () => {
    const source = databaseSource('clinic', url, audited)
    resources.defer(() => source.close())
    const { clinics } = await source.readDirectory()
    const { rows } = await platform.admin.query<{ id: string }>(
      'select tenant_id::text as id from organization_domains',
    )
    const said = JSON.stringify(clinics)
    const hashes = rows.map(({ id }) => createHash('sha256').update(id).digest('hex').slice(0, 12))
    expect(clinics.ok && clinics.value.map(({ tenantHash }) => tenantHash).sort()).toEqual(
      [...new Set(hashes)].sort(),
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const { id } of rows) expect(said).not.toContain(id)
  })

  it('is no row of a tenant, and nothing can be written', async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    resources.defer(() => client.end())
    for (const table of [
      'organizations',
      'patient_profiles',
      'patients',
      'appointments',
      'clinical_records',
      'audit_log',
    ]) {
      await expect(client.query(`select * from ${table}`), table).rejects.toMatchObject({ code: '42501' })
    }
    await expect(client.query("update organization_domains set name = ''")).rejects.toMatchObject({
      code: '42501',
    })
  })

  it('is a reason in words where the server is away', async () => {
    const away = databaseSource('clinic', 'postgres://operator_reader@127.0.0.1:1/postgres', audited)
    resources.defer(() => away.close())
    const { server, months, findings } = await away.read()
    for (const reading of [server, months, findings]) {
      expect(reading).toMatchObject({ ok: false, reason: 'The server does not answer (ECONNREFUSED)' })
    }
  })
})
