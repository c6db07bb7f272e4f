import type { Client } from 'pg'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { PolicyOptions } from '../../../src/rls/policy/policy-options.ts'
import { schemaFacts } from './support/schema-facts.ts'
import { ScratchDatabase } from './support/scratch-database.ts'

const TENANT = 'aaaaaaaa-0000-4000-8000-00000000000a'
const DENIED = { code: '42501' }

let resources = new AsyncDisposableStack()
let database: ScratchDatabase
let app: Client
beforeEach(async () => {
  await resources.disposeAsync()
  resources = new AsyncDisposableStack()
  database = await ScratchDatabase.open(resources)
  app = await database.connect('app')
})
afterAll(() => resources.disposeAsync())

/** Makes a schema and makes it right, and sees to it that this is the end of it. */
async function generate(schema: string, options: Partial<PolicyOptions> = {}): Promise<readonly string[]> {
  await database.admin.query(schema)
  await database.apply(await database.generate(options))
  expect(await database.generate(options)).toEqual([])
  return (await schemaFacts(database.admin)).filter((fact) =>
    /^(?:grant|policy).*\b(?:app|public)\b/.test(fact),
  )
}

async function asTenant(...statements: readonly string[]): Promise<unknown[]> {
  await app.query('begin')
  try {
    await app.query("select set_config('app.tenant_id', $1, true)", [TENANT])
    let rows: unknown[] = []
    for (const text of statements) rows = (await app.query(text)).rows
    return rows
  } finally {
    await app.query('rollback')
  }
}

describe('A table of tenants', () => {
  it('that is granted to nobody is given to the application, the tenant’s column to no update', async () => {
    await generate(
      'create table notes (tenant_id uuid, id int generated always as identity primary key, body text)',
    )
    await asTenant(
      "insert into notes (body) values ('x')",
      "update notes set body = 'y'",
      'delete from notes',
    )
    await expect(asTenant('update notes set tenant_id = tenant_id')).rejects.toMatchObject(DENIED)
    await expect(asTenant('truncate notes')).rejects.toMatchObject(DENIED)
  })

  it('keeps what it is granted, less what policies do not see', async () => {
    const facts =
      await generate(`create table notes (tenant_id uuid, id int primary key, body text, other text);
      grant select, update, truncate, references, trigger on notes to app;
      grant update (tenant_id, body) on notes to visitor`)
    expect(facts).toContain('grant on table notes to app: SELECT')
    expect(facts).toContain('grant on column notes.other to app: UPDATE')
    expect(facts.filter((fact) => fact.includes('notes.tenant_id'))).toEqual([])
    // A role that the application can become counts as itself.
    const visitor = (await schemaFacts(database.admin)).filter((fact) => fact.includes('to visitor'))
    expect(visitor).toEqual(['grant on column notes.body to visitor: UPDATE'])
  })

  it('is granted exactly what the options say', async () => {
    const facts = await generate(
      'create table notes (tenant_id uuid, id int primary key, body text); grant all on notes to app, public',
      { privileges: { 'public.notes': ['select', 'insert'] } },
    )
    expect(facts.filter((fact) => fact.includes('notes to') || fact.includes('notes.'))).toEqual([
      'grant on table notes to app: INSERT SELECT',
      'grant on table notes to public: INSERT SELECT',
    ])
  })

  it('is inserted into with numbers that the application can draw and not look up', async () => {
    await generate(`create sequence numbers;
      create table notes (tenant_id uuid, id bigserial primary key, number int default nextval('numbers'));
      grant all on all sequences in schema public to app`)
    expect(await asTenant('insert into notes default values returning id::int, number')).toEqual([
      { id: 1, number: 1 },
    ])
    for (const statement of [
      'select * from notes_id_seq',
      'select last_value from numbers',
      "select setval('numbers', 1)",
    ]) {
      await expect(asTenant(statement)).rejects.toMatchObject(DENIED)
    }
  })

  it('loses older policies that let the application see as much or more, and keeps those that are named', async () => {
    const facts = await generate(
      `create table notes (tenant_id uuid, id int primary key);
      create policy old on notes using (tenant_id = current_setting('app.tenant_id')::uuid);
      create policy bypass on notes to app using (current_setting('app.bypass', true) = 'on');
      create policy kept on notes to app using (true);
      create policy narrow on notes as restrictive using (id > 0);
      create policy others on notes to pg_monitor using (true);
      create policy tenant on notes for select using (true)`,
      { keepPolicies: ['kept'] },
    )
    const names = facts.filter((fact) => fact.startsWith('policy')).map((fact) => fact.split(' ')[2])
    expect(names).toEqual(['kept', 'narrow', 'tenant', 'tenant_floor'])
    expect((await schemaFacts(database.admin)).some((fact) => fact.startsWith('policy notes others'))).toBe(
      true,
    )
  })

  it('is not taken for one of its name that says something else, where the migration meets one', async () => {
    await database.admin.query('create table notes (tenant_id uuid, id int primary key)')
    const statements = await database.generate()
    await database.admin.query('create policy tenant on notes using (true)')
    await expect(database.apply(statements)).rejects.toMatchObject({ code: '42710' })
    await database.apply(await database.generate())
    await database.apply(statements)
    const facts = (await schemaFacts(database.admin)).filter((fact) =>
      fact.startsWith('policy notes tenant '),
    )
    expect(facts).toEqual([expect.stringMatching(/ t \* app using \(tenant_id = .*\) check $/)])
  })

  it('is narrowed by a further setting, on the columns that are named', async () => {
    await generate('create table drafts (tenant_id uuid, user_id bigint, id int primary key)', {
      settings: [{ setting: 'app.user_id', column: 'user_id' }],
    })
    const insert = 'insert into drafts (user_id, id) values (7, 1)'
    const asUser = (id: string) => `select set_config('app.user_id', '${id}', true)`
    expect(await asTenant(asUser('7'), insert, 'select user_id::int from drafts')).toEqual([{ user_id: 7 }])
    expect(await asTenant(asUser('7'), insert, asUser('8'), 'select from drafts')).toEqual([])
    await expect(asTenant(asUser(''), insert)).rejects.toMatchObject(DENIED)
  })
})

describe('Other tables', () => {
  it('that are shared are read by all and written by none', async () => {
    await generate(
      'create table codes (code text primary key); grant all on codes to app; create table words (word text)',
      { shared: ['public.codes', 'public.words'] },
    )
    expect((await app.query('select * from codes, words')).rows).toEqual([])
    await expect(app.query("insert into codes values ('x')")).rejects.toMatchObject(DENIED)
    await expect(app.query('truncate codes')).rejects.toMatchObject(DENIED)
  })

  it('that are internal are out of reach', async () => {
    await generate('create table ledger (name text); grant all on ledger to app', {
      internal: ['public.ledger'],
    })
    await expect(app.query('select from ledger')).rejects.toMatchObject(DENIED)
  })

  it('that are made later are not born open, nor is anything made by the application', async () => {
    await generate(
      `alter default privileges grant select on tables to app; grant create on schema public to app, public;
       create table notes (tenant_id uuid, id int primary key)`,
    )
    await database.admin.query('create table later (tenant_id uuid)')
    await expect(app.query('select from later')).rejects.toMatchObject(DENIED)
    await expect(app.query('create table mine ()')).rejects.toMatchObject(DENIED)
    await expect(app.query('create temporary table notes ()')).rejects.toMatchObject(DENIED)
  })

  it('in a schema that the application could not use can be reached', async () => {
    await generate('create schema clinic; create table clinic.notes (tenant_id uuid, id int primary key)', {
      schemas: ['clinic'],
    })
    expect(await asTenant('select from clinic.notes')).toEqual([])
  })
})
