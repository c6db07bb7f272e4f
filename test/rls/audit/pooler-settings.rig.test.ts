import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { AuditOptions } from '../../../src/rls/audit/audit-options.ts'
import type { Found } from '../../../src/rls/audit/audit-rule.ts'
import { AuditSubject } from '../../../src/rls/audit/audit-subject.ts'
import { judgeModes } from '../../../src/rls/audit/rules/surroundings/pooler/judge-modes.ts'
import type { PoolerFacts } from '../../../src/rls/audit/rules/surroundings/pooler/pooler-facts.ts'
import { poolerSettings } from '../../../src/rls/audit/rules/surroundings/pooler-settings.ts'
import { type PgbouncerOptions, startPgbouncer } from '../../../src/testing/rig/start-pgbouncer.ts'

const OPTIONS: AuditOptions = {
  appRole: 'app',
  tenantColumn: 'tenant_id',
  tenantColumns: {},
  tenantSetting: 'app.tenant_id',
  settings: ['app.user_id'],
  shared: [],
  backupRoles: [],
  sources: [],
}

let client: pg.Client
beforeAll(async () => {
  client = new pg.Client({ ...inject('rig').primary, user: 'postgres', database: 'postgres' })
  await client.connect()
  // The subject sets search_path for a transaction.
  await client.query('begin')
})
afterAll(() => client.end())

async function find(poolerUrl: string | undefined): Promise<readonly Found[]> {
  return poolerSettings.find(await AuditSubject.open(client, { ...OPTIONS, poolerUrl }))
}

/** What the rule says of a pgbouncer, in short. */
async function judge(options: Omit<PgbouncerOptions, 'target'>): Promise<readonly string[]> {
  await using pooler = await startPgbouncer({ users: ['app'], target: inject('rig').primary, ...options })
  const found = await find(pooler.adminUrl())
  return found.map(
    ({ severity, object, message }) => `${severity ?? poolerSettings.severity} ${object}: ${message}`,
  )
}

describe.each(['1.18', '1.24'] as const)('pgbouncer %s', (version) => {
  /** Said of every 1.18 in transaction mode. */
  const usual =
    version === '1.18'
      ? [expect.stringMatching(/^warning pgbouncer: pgbouncer 1\.18\.\d knows no named statements/)]
      : []

  it('has nothing said about it as it comes, in transaction mode, but that 1.18 knows no named statements', async () => {
    expect(await judge({ version })).toEqual(usual)
  })

  it('has nothing said about it in session mode as it comes', async () => {
    expect(await judge({ version, poolMode: 'session' })).toEqual([])
  })

  it('is an error in session mode without a reset, a warning with half of one', async () => {
    const session = (query: string) =>
      judge({ version, poolMode: 'session', settings: { server_reset_query: query } })
    expect(await session('')).toEqual([
      expect.stringMatching(/^error pgbouncer: pool_mode is session and server_reset_query is empty/),
    ])
    expect(await session('DEALLOCATE ALL')).toEqual([expect.stringMatching(/^error .* is "DEALLOCATE ALL"/)])
    expect(await session('RESET ALL')).toEqual([expect.stringMatching(/^warning .* is "RESET ALL"/)])
    expect(await session('discard  all')).toEqual([])
  })

  it('is told off for statement mode', async () => {
    expect(await judge({ version, poolMode: 'statement' })).toEqual([
      expect.stringMatching(/^warning pgbouncer: pool_mode is statement/),
    ])
  })

  it('is judged by the mode of the database that leads here, and by the user it makes of everybody', async () => {
    const databases = {
      clinic: 'dbname=postgres pool_mode=statement',
      elsewhere: 'dbname=other pool_mode=statement user=postgres',
      as_superuser: 'dbname=postgres pool_mode=session user=postgres',
      as_app: 'dbname=postgres pool_mode=session user=app',
    }
    expect(await judge({ version, poolMode: 'session', databases })).toEqual([
      expect.stringMatching(/^warning pgbouncer database "clinic": pool_mode is statement/),
      expect.stringMatching(
        /^error pgbouncer database "as_superuser": Whoever connects becomes "postgres" .* no policy stands/,
      ),
    ])
  })

  it('is asked not to drop in silence what decides', async () => {
    const settings = {
      ignore_startup_parameters: 'extra_float_digits, Options,statement_timeout, app.user_id',
    }
    expect(await judge({ version, poolMode: 'session', settings })).toEqual([
      expect.stringMatching(
        /^warning pgbouncer: ignore_startup_parameters drops options, statement_timeout, app\.user_id in/,
      ),
    ])
  })

  it('need not reset after each transaction', async () => {
    const said = await judge({ version, settings: { server_reset_query_always: 1 } })
    expect(said).toEqual([
      ...usual,
      version === '1.18'
        ? expect.stringMatching(/^warning .* drops the named statements/)
        : expect.stringMatching(/^info .* is not found out/),
    ])
  })
})

describe('pgbouncer 1.24', () => {
  it('knows no named statements when it is told to keep none', async () => {
    expect(await judge({ version: '1.24', maxPreparedStatements: 0 })).toEqual([
      expect.stringMatching(/^warning pgbouncer: max_prepared_statements is 0/),
    ])
    expect(await judge({ version: '1.24', maxPreparedStatements: 0, poolMode: 'session' })).toEqual([])
  })

  it('cannot follow what PostgreSQL does not report, the tenant least of all', async () => {
    const settings = { track_extra_parameters: 'IntervalStyle, app.tenant_id, work_mem', auth_user: '' }
    expect(await judge({ version: '1.24', settings })).toEqual([
      expect.stringMatching(/^error pgbouncer: track_extra_parameters names app\.tenant_id/),
      expect.stringMatching(/^warning pgbouncer: track_extra_parameters names work_mem/),
    ])
  })

  it('lets in a client that connects with a tenant, and gives it the one that is left there', async () => {
    const settings = { track_extra_parameters: 'app.tenant_id' }
    await using pooler = await startPgbouncer({
      version: '1.24',
      target: inject('rig').primary,
      poolSize: 1,
      settings,
    })
    const connectionString = pooler.url({ user: 'app', database: 'postgres' })
    const first = new pg.Client({ connectionString })
    const second = new pg.Client({ connectionString, options: '-c app.tenant_id=B' })
    await first.connect()
    await first.query("set app.tenant_id = 'A'")
    await second.connect()
    expect((await second.query("select current_setting('app.tenant_id') as tenant")).rows).toEqual([
      { tenant: 'A' },
    ])
    await Promise.all([first.end(), second.end()])
  })

  it('has CVE-2025-12819 when it follows search_path and looks users up without schemas', async () => {
    const track = { track_extra_parameters: 'search_path', auth_user: 'postgres' }
    const open = [expect.stringMatching(/^error pgbouncer: CVE-2025-12819 is open in pgbouncer 1\.24/)]
    expect(await judge({ version: '1.24', settings: track })).toEqual(open)
    const query = 'select usename, passwd from pg_catalog.pg_shadow where usename = $1'
    expect(await judge({ version: '1.24', settings: { ...track, auth_query: query } })).toEqual(open)
    const lookup = 'select * from pgbouncer.user_lookup($1)'
    expect(await judge({ version: '1.24', settings: { ...track, auth_query: lookup } })).toEqual([])
    expect(await judge({ version: '1.24', settings: { ...track, auth_user: '' } })).toEqual([])
  })
})

describe('the rule', () => {
  it("goes by the user's pool mode before the database's, and by that before the pooler's", () => {
    const facts = {
      version: '1.24.1',
      config: new Map([
        ['pool_mode', 'transaction'],
        ['max_prepared_statements', '200'],
        ['server_reset_query', ''],
      ]),
      databases: [{ name: 'clinic', poolMode: 'session', forcedUser: undefined }],
      userPoolMode: 'statement',
    }
    const objects = (given: PoolerFacts) =>
      judgeModes(given, 'app').map(({ object, severity }) => `${severity} ${object}`)
    expect(objects(facts)).toEqual(['warning pgbouncer user "app"'])
    expect(objects({ ...facts, userPoolMode: undefined })).toEqual(['error pgbouncer database "clinic"'])
    expect(objects({ ...facts, userPoolMode: undefined, databases: [] })).toEqual([])
  })

  it('says nothing when no pooler is named', async () => {
    expect(await find(undefined)).toEqual([])
  })

  it('says that it could not read, and shows nothing of the URL', async () => {
    const { host, port } = inject('rig').primary
    for (const [url, code] of [
      ['postgres://x:secret@127.0.0.1:1/pgbouncer', 'ECONNREFUSED'],
      [`postgres://postgres:secret@${host}:${port}/postgres`, '42704'], // PostgreSQL knows no SHOW VERSION
      ['postgres://x:secret@[', 'ERR_INVALID_URL'],
    ] as const) {
      const found = await find(url)
      expect(found).toEqual([
        expect.objectContaining({ object: 'pgbouncer', message: expect.stringContaining(`(${code})`) }),
      ])
      expect(JSON.stringify(found)).not.toContain('secret')
    }
  })
})
