import type { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { schemaFacts } from './support/schema-facts.ts'
import { ScratchDatabase } from './support/scratch-database.ts'

let resources: AsyncDisposableStack
let database: ScratchDatabase
let app: Client
beforeAll(async () => {
  resources = new AsyncDisposableStack()
  database = await ScratchDatabase.open(resources)
  app = await database.connect('app')
})
afterAll(() => resources.disposeAsync())

const UUIDS = ['aaaaaaaa-0000-4000-8000-00000000000a', 'bbbbbbbb-0000-4000-8000-00000000000b']

it.each([
  ['uuid', UUIDS],
  ['bigint', ['1', '9007199254740993']],
  ['integer', ['1', '2']],
  ['smallint', ['1', '2']],
  ['text', ['acme', "o'brien"]],
  ['varchar(20)', ['acme', 'other']],
  ['tenant_uuid', UUIDS],
  ['tenant_name', ['acme', 'other']],
])('A tenant column of type %s keeps tenants apart, and is right at once', async (type, tenants) => {
  const { admin } = database
  await admin.query(`drop table if exists items; drop domain if exists tenant_uuid, tenant_name;
    create domain tenant_uuid as uuid; create domain tenant_name as text check (value <> 'nobody');
    create table items (tenant_id ${type}, id int primary key, body text)`)
  await database.apply(await database.generate())
  expect(await database.generate()).toEqual([])

  for (const tenant of tenants) {
    await app.query('begin')
    await app.query("select set_config('app.tenant_id', $1, true)", [tenant])
    await app.query("insert into items (id, body) values (1, 'of ' || current_setting('app.tenant_id'))")
    await app.query('commit')
  }
  // The setting is '' by now, which is no uuid and no number.
  expect((await app.query('select from items')).rowCount).toBe(0)
  await app.query('begin')
  await app.query("select set_config('app.tenant_id', $1, true)", [tenants[0]])
  expect((await app.query('select tenant_id::text as tenant, body from items')).rows).toEqual([
    { tenant: tenants[0], body: `of ${tenants[0]}` },
  ])
  await app.query('rollback')
})

it('An index serves under the policy, whatever the type', async () => {
  const { admin } = database
  for (const type of ['uuid', 'bigint', 'text', 'varchar(40)']) {
    await admin.query(`drop table if exists items; create table items (tenant_id ${type} not null, body text);
      insert into items select ${type === 'bigint' ? 'n' : '(md5(n::text)::uuid)'}::${type}, 'x' from generate_series(1, 2000) as n;`)
    await database.apply(await database.generate())
    await admin.query('analyze items')
    await app.query('begin')
    await app.query("select set_config('app.tenant_id', $1, true)", [type === 'bigint' ? '7' : UUIDS[0]])
    const { rows } = await app.query<{ 'QUERY PLAN': string }>('explain select * from items')
    await app.query('rollback')
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('items_tenant_id_idx')
  }
})

it('Another setting and a column of another name do as well', async () => {
  const { admin } = database
  const options = {
    tenantSetting: 'clinic.current.id',
    tenantColumn: 'clinic_id',
    tenantColumns: { 'public.clinics': 'id' },
  }
  await admin.query(`drop table if exists items;
    create table clinics (id uuid primary key, name text);
    create table items (clinic_id uuid references clinics, id int primary key);
    insert into clinics values ('${UUIDS[0]}', 'a'), ('${UUIDS[1]}', 'b')`)
  await database.apply(await database.generate(options))
  expect(await database.generate(options)).toEqual([])
  const facts = await schemaFacts(admin)
  // The table of the tenants themselves is filled by operators, and its key is the tenant.
  expect(facts).toContain('grant on table clinics to app: SELECT')
  expect(facts).toContain('constraint clinics clinics_pkey PRIMARY KEY (id) valid t')
  expect(facts).toContain('column clinics.id uuid not null t default ')
  await app.query('begin')
  await app.query("select set_config('clinic.current.id', $1, true)", [UUIDS[1]])
  expect((await app.query('select name from clinics')).rows).toEqual([{ name: 'b' }])
  await app.query('insert into items (id) values (1)')
  await app.query('rollback')
  await admin.query('drop table items, clinics')
})
