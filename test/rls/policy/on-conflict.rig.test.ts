import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SERVERS, serverAddress } from './support/rig-servers.ts'
import { ScratchDatabase } from './support/scratch-database.ts'

const MINE = 'aaaaaaaa-0000-4000-8000-00000000000a'
const OTHERS = 'bbbbbbbb-0000-4000-8000-00000000000b'
const SECRET = 'diagnosis: hay fever'
/** The minor of each major version that mends CVE-2026-120154. */
const MENDED: Readonly<Record<string, number>> = { 15: 20, 16: 16, 17: 12, 18: 7 }
const TENANT = "tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)"

const PLAIN = `
create table records (tenant_id uuid not null, id int primary key, body text not null);
insert into records values ('${OTHERS}', 1, '${SECRET}');
grant select, insert, update on records to app;`

/** As most people write it: right as far as policies go, and a key that all tenants share. */
const NAIVE = `${PLAIN}
alter table records enable row level security;
alter table records force row level security;
create policy tenant on records to app using (${TENANT});`

/** Attempts to read the other tenant's row: its value is cast to what it is not, and the error quotes it. */
const ATTEMPTS = [
  [MINE, '(id)'],
  [MINE, '(tenant_id, id)'],
  [OTHERS, '(id)'],
  [OTHERS, '(tenant_id, id)'],
  [MINE, 'on constraint records_pkey'],
  [OTHERS, 'on constraint records_pkey'],
]

/** What an application that works for one tenant gets to read of the other's row. */
async function readThroughConflict(app: Client): Promise<string | undefined> {
  for (const [tenant, target] of ATTEMPTS) {
    await app.query('begin')
    await app.query("select set_config('app.tenant_id', $1, true)", [MINE])
    const text = `insert into records values ('${tenant}', 1, 'mine') on conflict ${target} do update set body = 'x' where records.body::int = 0`
    const said = await app.query(text).then(() => '', String)
    await app.query('rollback')
    if (said.includes(SECRET)) return SECRET
  }
  return undefined
}

describe.each(SERVERS)('On PostgreSQL (%s)', (server) => {
  let resources: AsyncDisposableStack
  let address: Awaited<ReturnType<typeof serverAddress>>
  beforeAll(async () => {
    resources = new AsyncDisposableStack()
    address = await serverAddress(server, resources)
  })
  afterAll(() => resources.disposeAsync())

  async function open(schema: string): Promise<ScratchDatabase> {
    const database = await ScratchDatabase.open(resources, { address })
    await database.admin.query(
      'do $$ begin create role app login; exception when duplicate_object then null; end $$',
    )
    await database.admin.query(schema)
    return database
  }

  it('ON CONFLICT over a key of all tenants reads another tenant’s row, unless the server is mended', async () => {
    const database = await open(NAIVE)
    const { rows } = await database.admin.query<{ version: number }>(
      "select current_setting('server_version_num')::int as version",
    )
    const version = rows[0]?.version ?? 0
    const mended = (MENDED[Math.floor(version / 10_000)] ?? 0) <= version % 10_000
    const app = await database.connect('app')
    expect(await readThroughConflict(app)).toBe(mended ? undefined : SECRET)
  })

  it('ON CONFLICT in a schema that was generated reads nothing', async () => {
    const database = await open(PLAIN)
    await database.apply(await database.generate())
    const app = await database.connect('app')
    expect(await readThroughConflict(app)).toBeUndefined()
    const { rows } = await database.admin.query('select body from records')
    expect(rows).toEqual([{ body: SECRET }])
  })
})
