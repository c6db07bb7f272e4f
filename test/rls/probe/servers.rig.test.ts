import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProbe } from '../../../src/rls/probe/run-probe.ts'
import { createDatabase, dropDatabase } from '../../../src/testing/rig/databases.ts'
import { TENANT_A, TENANT_B } from '../../support/notes.ts'
import { SERVERS, serverAddress } from '../policy/support/rig-servers.ts'
import { CLINIC, protect } from './support/clinic.ts'
import { leaks, OPTIONS } from './support/probe-database.ts'

/** Where the read through ON CONFLICT is mended (CVE-2026-120154), by major version. */
const MENDED: Readonly<Record<number, number>> = { 15: 20, 16: 16, 17: 12, 18: 7 }

describe.each(SERVERS)('PostgreSQL (%s)', (server) => {
  let resources: AsyncDisposableStack
  let login: pg.ClientConfig
  let admin: pg.Client

  beforeAll(async () => {
    resources = new AsyncDisposableStack()
    const address = await serverAddress(server, resources)
    const { name: database } = await createDatabase(address, { template: 'empty' })
    resources.defer(() => dropDatabase(address, database))
    login = { ...address, database, user: 'app' }
    admin = new pg.Client({ ...login, user: 'postgres' })
    await admin.connect()
    resources.defer(() => admin.end())
    await admin.query('do $$ begin create role app login; exception when duplicate_object then null; end $$')
    await admin.query(CLINIC)
  }, 60_000)
  afterAll(() => resources.disposeAsync())

  const connect = async () => {
    const client = new pg.Client(login)
    client.on('error', () => {})
    await client.connect()
    return client
  }
  const probe = async () => {
    const app = await connect()
    try {
      return await runProbe({ app }, OPTIONS)
    } finally {
      await app.end()
    }
  }
  const isMended = async () => {
    const { rows } = await admin.query<{ version: number }>(
      "select current_setting('server_version_num')::int as version",
    )
    const version = rows[0]?.version ?? 0
    return version % 10_000 >= (MENDED[Math.floor(version / 10_000)] ?? 0)
  }

  it('has nothing said about it where nothing is wrong', async () => {
    expect(await probe()).toEqual([])
  })

  it('reads another tenant’s row by ON CONFLICT, as long as it is not mended', async () => {
    await admin.query(`create table tags (tenant_id uuid not null, id int primary key, word text);
      insert into tags select tenant_id, row_number() over (), id from patients;
      ${protect('tags')} grant select, insert, update on tags to app`)
    const findings = await probe()
    expect(leaks(findings)).toEqual(['probe-conflict public.tags'])
    const reads = 'ON CONFLICT DO UPDATE ... WHERE reads that row (CVE-2026-120154)'
    if (await isMended()) expect(findings[0]?.message).not.toContain(reads)
    else expect(findings[0]?.message).toContain(reads)
    await admin.query('drop table tags')
  })

  it('does not read it where keys begin with the tenant, mended or not', async () => {
    const { rows } = await admin.query<{ id: string }>('select id from patients where tenant_id = $1', [
      TENANT_B,
    ])
    const app = await connect()
    await app.query('begin')
    await app.query("select set_config('app.tenant_id', $1, true)", [TENANT_A])
    const exploit = `insert into patients as target (tenant_id, id, name) values ($1, $2, 'x')
      on conflict (tenant_id, id) do update set name = 'x' where 1 / (case when target.name like 'patient%' then 0 else 1 end) > 0`
    await expect(app.query(exploit, [TENANT_B, rows[0]?.id])).rejects.toMatchObject({ code: '42501' })
    await app.query('rollback')
    await app.end()
  })

  it('is found to have rules and leaks in all kinds of objects', async () => {
    await admin.query(`
      create view names as select name from patients;
      create materialized view copied as select tenant_id, name from patients;
      create function all_patients() returns setof patients language sql stable security definer begin atomic select * from patients; end;
      create policy beside on visits for update to app using (true); drop policy tenant_floor on visits;
      grant select on names, copied to app; grant truncate on visits to app`)
    expect(leaks(await probe())).toEqual([
      'probe-function public.all_patients',
      'probe-hidden-tenant public.names',
      'probe-read public.copied',
      'probe-truncate public.visits',
      'probe-write public.visits',
    ])
  })
})
