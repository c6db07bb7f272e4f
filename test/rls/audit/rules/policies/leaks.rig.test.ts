import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { POLICY_RULES } from '../../../../../src/rls/audit/rules/policies/index.ts'
import type { Rig } from '../../../../../src/testing/rig/rig.ts'
import { startRig } from '../../../../../src/testing/rig/start-rig.ts'
import { createAppRoles } from '../../../../support/notes.ts'
import { BASE, type CorpusCase, readCorpus } from '../../../corpus-case.ts'
import { type FilledTable, fillTables, TENANTS } from './fill-tables.ts'

/** Roles belong to the whole server, and some schemas change the application's, so this server is nobody else's. */
let rig: Rig

beforeAll(async () => {
  rig = await startRig({ standbys: 0, redis: false })
  await createAppRoles(rig.primary.adminUrl())
})
afterAll(() => rig?.stop())

const ids = new Set(POLICY_RULES.map(({ id }) => id))
const corpus = readCorpus().filter(({ rule }) => ids.has(rule))

/** A database with a schema of the corpus, in which every table of tenants has rows. */
class Schema implements AsyncDisposable {
  readonly tables: readonly FilledTable[]
  readonly #admin: pg.Client
  readonly #database: string
  readonly #cleanUp = new AsyncDisposableStack()

  static async open(schema: CorpusCase): Promise<Schema> {
    const database = await rig.createDatabase()
    const admin = new pg.Client({ connectionString: rig.primary.adminUrl(database) })
    await admin.connect()
    await admin.query(`${BASE}\n${schema.sql}`)
    const column = schema.options.tenantColumn ?? 'tenant_id'
    return new Schema(admin, database, await fillTables(admin, column))
  }

  private constructor(admin: pg.Client, database: string, tables: readonly FilledTable[]) {
    this.#admin = admin
    this.#database = database
    this.tables = tables
  }

  /** Logs in as the application. */
  async login(): Promise<pg.Client> {
    const { host, port } = rig.primary
    const client = new pg.Client({ host, port, user: 'app', database: this.#database })
    await client.connect()
    this.#cleanUp.defer(() => client.end())
    return client
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanUp.disposeAsync()
    await this.#admin.end()
    await rig.dropDatabase(this.#database)
    const admin = new pg.Client({ connectionString: rig.primary.adminUrl() })
    await admin.connect()
    const { rows } = await admin.query<{ name: string }>(
      "select quote_ident(rolname) as name from pg_roles where rolname like 'corpus%'",
    )
    for (const { name } of rows) await admin.query(`drop role ${name}`)
    await admin.query('alter role app inherit; alter role app reset all; alter role all reset all')
    await admin.end()
  }
}

const set = (client: pg.Client, name: string, value: string) =>
  client.query('select set_config($1, $2, false)', [name, value])

function schemaOf(name: string): CorpusCase {
  const found = corpus.find((schema) => `${schema.rule}/${schema.name}` === name)
  if (!found) throw new Error(`The corpus has no ${name}.`)
  return found
}

/** Tenants of the rows that a query finds; what fails finds none. */
async function tenantsSeen(client: pg.Client, { ident, column }: FilledTable): Promise<readonly string[]> {
  try {
    const { rows } = await client.query<{ tenant: string }>(
      `select distinct ${column}::text as tenant from ${ident}`,
    )
    return rows.map(({ tenant }) => tenant).sort()
  } catch (error) {
    if (error instanceof pg.DatabaseError) return []
    throw error
  }
}

const { own, foreign, fallback } = TENANTS.uuid

describe('a schema in which a rule finds an error', () => {
  it.each([
    ['policy-always-true/bad-true', { 'app.tenant_id': own }],
    ['policy-always-true/bad-compared-with-itself', { 'app.tenant_id': own }],
    ['policy-always-true/bad-other-columns', { 'app.tenant_id': own }],
    ['policy-always-true/bad-for-a-role-one-may-become', { 'app.tenant_id': own }],
    ['open-without-context/bad-never-set', {}],
    ['open-without-context/bad-empty', { 'app.tenant_id': '' }],
    ['open-without-context/bad-null-text', { 'app.tenant_id': 'null' }],
    ['open-without-context/bad-not-different', {}],
    ['open-without-context/bad-function-of-the-row', {}],
    ['bypass-setting/bad-or', { 'app.tenant_id': own, 'app.bypass_rls': 'on' }],
    ['bypass-setting/bad-case-and-floor', { 'app.tenant_id': own, 'app.role': 'support' }],
    [
      'bypass-setting/bad-own-rows',
      { 'app.tenant_id': own, 'app.user_id': 'cccccccc-0000-4000-8000-00000000000c' },
    ],
    ['bypass-setting/bad-magic-tenant', { 'app.tenant_id': '*' }],
    ['bypass-setting/bad-inside-a-function', { 'app.tenant_id': own, 'app.support': 'on' }],
    ['other-setting/bad-renamed', { 'app.tenant_id': own, 'app.current_tenant': foreign }],
    ['other-setting/bad-override', { 'app.tenant_id': own, 'app.acting_for': foreign }],
    ['policy-drift/bad-published-rows', { 'app.tenant_id': own }],
  ])('shows the rows of another tenant: %s', async (name, settings) => {
    await using schema = await Schema.open(schemaOf(name))
    const client = await schema.login()
    for (const [setting, value] of Object.entries(settings)) await set(client, setting, value)
    const seen = await Promise.all(schema.tables.map((table) => tenantsSeen(client, table)))
    expect(seen.flat()).toContain(foreign)
  })

  it.each([
    'default-tenant/bad-role',
    'default-tenant/bad-all-roles',
    'default-tenant/bad-coalesce',
    'default-tenant/bad-function',
  ])('shows the rows of a tenant that nobody set: %s', async (name) => {
    await using schema = await Schema.open(schemaOf(name))
    const client = await schema.login()
    const seen = await Promise.all(schema.tables.map((table) => tenantsSeen(client, table)))
    expect(seen).toEqual([[fallback]])
  })

  it.each([
    ['policy-always-true/bad-insert', {}],
    ['check-drops-tenant/bad-true', {}],
    ['check-drops-tenant/bad-author', { 'app.user_id': 'x' }],
    ['check-drops-tenant/bad-floor-too', {}],
  ])('takes a row for another tenant: %s', async (name, settings) => {
    await using schema = await Schema.open(schemaOf(name))
    const client = await schema.login()
    for (const [setting, value] of Object.entries(settings)) await set(client, setting, value)
    await set(client, 'app.tenant_id', own)
    const [table] = schema.tables
    const columns = (await client.query(`select * from ${table?.ident} limit 0`)).fields.map(
      ({ name }) => name,
    )
    const written = columns.includes('author')
      ? "(tenant_id, id, author) values ($1, $2, 'x')"
      : "(tenant_id, id, name) values ($1, $2, 'x')"
    const { rowCount } = await client.query(`insert into ${table?.ident} ${written}`, [foreign, own])
    expect(rowCount).toBe(1)
  })

  it('shows one tenant the rows of another by a prepared statement: immutable-setting-function', async () => {
    for (const name of ['bad-text-body', 'bad-standard-body']) {
      await using schema = await Schema.open(schemaOf(`immutable-setting-function/${name}`))
      const client = await schema.login()
      const patients = { name: 'patients', text: 'select distinct tenant_id from public.patients' }
      await client.query("set plan_cache_mode = 'force_generic_plan'")
      // The floor reads the setting itself, and holds; without it, what the policy says is all there is.
      const admin = new pg.Client({ connectionString: rig.primary.adminUrl(client.database ?? '') })
      await admin.connect()
      await admin.query('drop policy tenant_floor on public.patients')
      await admin.end()
      await set(client, 'app.tenant_id', foreign)
      expect((await client.query(patients)).rows).toEqual([{ tenant_id: foreign }])
      await set(client, 'app.tenant_id', own)
      expect((await client.query(patients)).rows).toEqual([{ tenant_id: foreign }])
    }
  })

  it('lets one join any tenant: policy-reads-open-table', async () => {
    await using schema = await Schema.open(schemaOf('policy-reads-open-table/bad-writable'))
    const client = await schema.login()
    const person = 'dddddddd-0000-4000-8000-00000000000d'
    await set(client, 'app.user_id', person)
    const patients = schema.tables.find(({ ident }) => ident === 'public.patients')
    if (!patients) throw new Error('The schema has no table of patients.')
    expect(await tenantsSeen(client, patients)).toEqual([])
    await client.query('insert into public.members values ($1, $2)', [person, foreign])
    expect(await tenantsSeen(client, patients)).toEqual([foreign])
  })
})

describe('a schema in which a rule finds that rows are missing, or that a statement fails', () => {
  it.each([
    'policy-misses-role/bad-another-role',
    'policy-misses-role/bad-not-inherited',
    'other-setting/bad-function',
    'other-setting/bad-not-declared',
  ])('hides the rows of the tenant that is set: %s', async (name) => {
    await using schema = await Schema.open(schemaOf(name))
    const client = await schema.login()
    await set(client, 'app.tenant_id', own)
    expect(await Promise.all(schema.tables.map((table) => tenantsSeen(client, table)))).toEqual([[]])
  })

  it.each([
    ['nullif-missing/bad-bare-cast', 'app.tenant_id'],
    ['nullif-missing/bad-inside-a-function', 'app.tenant_id'],
    ['nullif-missing/bad-declared-setting', 'app.user_id'],
  ])('fails on a connection that was used before: %s', async (name, setting) => {
    await using schema = await Schema.open(schemaOf(name))
    const client = await schema.login()
    await set(client, 'app.tenant_id', own)
    await set(client, setting, '')
    const [table] = schema.tables
    await expect(client.query(`select from ${table?.ident}`)).rejects.toMatchObject({ code: '22P02' })
  })
})

describe('a schema in which nothing is found', () => {
  const right = corpus
    .filter(({ name }) => name.startsWith('right-'))
    .map(({ rule, name }) => `${rule}/${name}`)

  it.each(right)('keeps tenants apart, whichever is set and if none is: %s', async (name) => {
    const { options } = schemaOf(name)
    await using schema = await Schema.open(schemaOf(name))
    const setting = options.tenantSetting ?? 'app.tenant_id'
    expect(schema.tables.length).toBeGreaterThan(0)
    for (const table of schema.tables.filter(({ ident }) => !isShared(ident, options.shared))) {
      const client = await schema.login()
      const seen = [await tenantsSeen(client, table)]
      for (const value of ['', 'null', '*', table.tenants.own]) {
        await set(client, setting, value)
        seen.push(await tenantsSeen(client, table))
      }
      for (const other of ['app.bypass_rls', 'app.role', 'app.support', 'app.tenant', 'app.current_tenant']) {
        await set(client, other, 'support')
      }
      seen.push(await tenantsSeen(client, table))
      expect(seen.flat().filter((tenant) => tenant !== table.tenants.own)).toEqual([])
    }
  })
})

function isShared(ident: string, shared: readonly string[] = []): boolean {
  return shared.includes(ident.replaceAll('"', ''))
}
