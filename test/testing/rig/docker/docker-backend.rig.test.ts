import { once } from 'node:events'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { Client, Pool, type PoolClient } from 'pg'
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest'
import {
  findDockerEngine,
  type PostgresBackend,
  startDockerPrimary,
} from '../../../../src/testing/rig/docker/index.ts'
import type { Rig } from '../../../../src/testing/rig/rig.ts'

const engine = await findDockerEngine()

const tenants = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const
const [first, second] = tenants

const schema = `
  create role clinic_app login;
  create table visits (id bigint generated always as identity, tenant_id uuid not null, note text not null);
  alter table visits enable row level security;
  alter table visits force row level security;
  create policy tenant_wall on visits
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
  grant select, insert on visits to clinic_app;
  insert into visits (tenant_id, note)
    select tenant, 'visit ' || n from unnest(array['${first}', '${second}']::uuid[]) tenant, generate_series(1, 10) n;
`

describe('the Docker backend', () => {
  if (!engine.available) {
    it('runs on a Docker engine', ({ skip }) => skip(engine.reason))
    return
  }

  let backend: PostgresBackend
  let pool: Pool
  beforeAll(async () => {
    backend = await startDockerPrimary({ engine })
    await backend.prepareTemplate('clinic_template', async (adminUrl) => {
      const admin = new Client(adminUrl)
      await admin.connect()
      await admin.query(schema)
      await admin.end()
    })
    const database = await backend.createDatabase({ template: 'clinic_template' })
    pool = new Pool({ connectionString: backend.primary.url({ user: 'clinic_app', database }), max: 2 })
  }, 120_000)
  afterAll(async () => {
    await backend?.stop()
    await engine.stop()
  }, 60_000)

  /** A transaction in which the tenant is set as long as `isLocal` says. */
  async function asTenant<T>(
    tenant: string,
    work: (client: PoolClient) => Promise<T>,
    isLocal = true,
  ): Promise<T> {
    const client = await pool.connect()
    try {
      await client.query('begin')
      await client.query("select set_config('app.tenant', $1, $2)", [tenant, isLocal])
      const result = await work(client)
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback')
      throw error
    } finally {
      client.release()
    }
  }

  const visibleTenants = async (client: Pool | PoolClient) => {
    const { rows } = await client.query<{ tenant: string; visits: number }>(
      'select tenant_id as tenant, count(*)::int as visits from visits group by 1 order by 1',
    )
    return rows
  }

  it('shows each of two tenants its own rows through shared connections', async () => {
    const runs = Array.from({ length: 200 }, (_, index) => tenants[index % 2] ?? first)
    const seen = await Promise.all(runs.map((tenant) => asTenant(tenant, visibleTenants)))
    expect(seen).toEqual(runs.map((tenant) => [{ tenant, visits: 10 }]))
  })

  it('refuses one tenant a row of the other', async () => {
    const insert = asTenant(first, (client) =>
      client.query("insert into visits (tenant_id, note) values ($1, 'foreign')", [second]),
    )
    // insufficient_privilege: the row violates the policy.
    await expect(insert).rejects.toMatchObject({ code: '42501' })
  })

  it('shows nothing once the transaction is over', async () => {
    await asTenant(first, visibleTenants)
    expect(await visibleTenants(pool)).toEqual([])
  })

  it('would show a tenant’s rows to whoever comes next, were the setting not local to the transaction', async () => {
    const database = await backend.createDatabase({ template: 'clinic_template' })
    const shared = pool
    pool = new Pool({ connectionString: backend.primary.url({ user: 'clinic_app', database }), max: 1 })
    try {
      await asTenant(first, visibleTenants, false)
      expect(await visibleTenants(pool)).toEqual([{ tenant: first, visits: 10 }])
    } finally {
      await pool.end()
      pool = shared
    }
  })

  it('gives each test a database of its own', async () => {
    const [one, other] = [await backend.createDatabase(), await backend.createDatabase()]
    const client = new Client(backend.primary.adminUrl(one))
    await client.connect()
    await client.query('create table only_here ()')
    await client.end()
    const neighbour = new Client(backend.primary.adminUrl(other))
    await neighbour.connect()
    await expect(neighbour.query('table only_here')).rejects.toMatchObject({ code: '42P01' })
    await neighbour.end()
    await backend.dropDatabase(one)
    await expect(new Client(backend.primary.adminUrl(one)).connect()).rejects.toMatchObject({ code: '3D000' })
  })

  it('has all that a test needs of the rig of processes, as the compiler sees it', () => {
    expectTypeOf<Rig>().toExtend<PostgresBackend>()
  })

  it.skipIf(engine.host.startsWith('tcp://'))('cannot be reached through another address', async () => {
    const { port } = backend.primary
    const addresses = Object.values(networkInterfaces())
      .flatMap((entries) => entries ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    expect(await connects('127.0.0.1', port)).toBe(true)
    for (const { address } of addresses) expect(await connects(address, port)).toBe(false)
  })

  it('is gone once it is stopped', async () => {
    const { host, port } = backend.primary
    await pool.end()
    await backend.stop()
    expect(await connects(host, port)).toBe(false)
  })
})

/** Whether anything accepts a connection there. */
async function connects(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(2_000) })
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
