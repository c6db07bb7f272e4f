import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, inject, it, vi } from 'vitest'
import { askOnce } from '../../src/testing/rig/admin-session.ts'
import { freePort } from '../../src/testing/rig/free-port.ts'
import { startPgbouncer } from '../../src/testing/rig/start-pgbouncer.ts'
import { startRig } from '../../src/testing/rig/start-rig.ts'
import { fill } from '../support/notes.ts'
import { CliDatabase } from './cli-database.ts'
import { runCli } from './run-cli.ts'
import { ScratchFolder } from './scratch-folder.ts'

/** Runs an audit that must not come about, and gives what it said. */
async function fails(url: string, code = 1): Promise<string> {
  using folder = new ScratchFolder()
  const run = await runCli(['audit', '--url', url, '--json'], { cwd: folder.path })
  expect({ code: run.code, stdout: run.stdout }, run.stderr).toEqual({ code, stdout: '' })
  expect(run.stderr).not.toContain('    at ')
  return run.stderr
}

/** The same, within ten seconds beside what it takes to start at all on a busy machine. */
async function failsInTime(url: string): Promise<string> {
  const startedAt = performance.now()
  await runCli(['--version'], { cwd: '/' })
  const failingAt = performance.now()
  const text = await fails(url)
  expect(performance.now() - failingAt - (failingAt - startedAt)).toBeLessThan(10_000)
  return text
}

describe('a command that reaches no database', () => {
  it('says that nobody listens', async () => {
    const port = await freePort()
    const text = await failsInTime(`postgres://someone:s3cret@127.0.0.1:${port}/clinic`)
    expect(text).toContain(
      `No connection to the database "clinic" on 127.0.0.1:${port} (--url) could be made: ECONNREFUSED`,
    )
    expect(text).not.toContain('s3cret')
  })

  it('gives up within ten seconds on a server that never answers', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : undefined
    try {
      const text = await failsInTime(`postgres://someone@127.0.0.1:${port}/clinic`)
      expect(text).toContain('no answer in time')
    } finally {
      silent.close()
    }
  })

  it('says that a host does not exist', async () => {
    const text = await fails('postgres://someone@no-such-host.invalid/clinic')
    expect(text).toMatch(/could be made: (ENOTFOUND|EAI_AGAIN)/)
  })

  it.each([
    ['nobody', 'The server refused "nobody"', 'SQLSTATE 28000'],
    ['nologin', 'role "nologin" is not permitted to log in', 'Check the user and the password'],
  ])('says that %s may not log in', async (role, ...expected) => {
    await using database = await CliDatabase.create(
      'do $$ begin create role nologin nologin; exception when duplicate_object then null; end $$',
    )
    const text = await fails(database.urlAs(role))
    for (const part of expected) expect(text).toContain(part)
  })

  it('says that the database does not exist', async () => {
    const { host, port } = inject('rig').primary
    const text = await fails(`postgres://postgres@${host}:${port}/no_such_database`)
    expect(text).toContain('SQLSTATE 3D000). Check the name of the database.')
  })

  it.each(['1.18', '1.24'] as const)('refuses a pooler, pgbouncer %s', async (version) => {
    await using database = await CliDatabase.create()
    const { primary } = inject('rig')
    await using pooler = await startPgbouncer({ version, target: primary, users: ['postgres'] })
    const text = await fails(pooler.url({ user: 'postgres', database: database.name }))
    expect(text).toContain(
      `--url leads to a pooler at ${pooler.host}:${pooler.port}, not to PostgreSQL itself`,
    )
    const console = await fails(pooler.adminUrl())
    expect(console).toContain('leads to a pooler')
  })

  it.each([
    ['', '--url needs a value'],
    ['mysql://root@127.0.0.1/x', 'is not a connection string'],
    ['postgres://user:s3%cret@127.0.0.1:not-a-port/x', 'cannot be read as a connection string'],
    ['postgres://user:s3cret@127.0.0.1/x?sslrootcert=/no/such/file', 'cannot be read as a connection string'],
  ])('refuses %j as wrong usage', async (url, expected) => {
    const text = await fails(url, 2)
    expect(text).toContain(expected)
    expect(text).not.toContain('cret@')
  })
})

describe('a command whose role cannot do its work', () => {
  it('says that a catalog may not be read', async () => {
    await using database = await CliDatabase.create('revoke select on pg_catalog.pg_class from public')
    const text = await fails(database.urlAs('app'))
    expect(text).toContain('permission denied for table pg_class (SQLSTATE 42501)')
    expect(text).toContain('must be able to read the catalogs')
  })

  it('says that the application has no such role, and which option names it', async () => {
    await using database = await CliDatabase.create()
    using folder = new ScratchFolder()
    const args = ['audit', '--url', database.url, '--app-role', 'no"body']
    const run = await runCli(args, { cwd: folder.path })
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain('The database has no role "no\\"body"')
    expect(run.stderr).toContain('--app-role')
  })

  it('waits for a lock for seconds only', async () => {
    await using database = await CliDatabase.create()
    await database.admin.query('begin; lock table pg_catalog.pg_policy in access exclusive mode')
    const text = await failsInTime(database.url)
    expect(text).toContain('canceling statement due to lock timeout (SQLSTATE 55P03). Somebody holds a lock')
  })

  it('says that the connection was ended', async () => {
    await using database = await CliDatabase.create()
    await database.admin.query('begin; lock table pg_catalog.pg_policy in access exclusive mode')
    const kill = async () => {
      // By another session: one in a transaction sees the activity of its beginning.
      const ended = await askOnce(
        database.url,
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name = 'leasehold audit' and wait_event_type = 'Lock'`,
      )
      return ended.length === 1
    }
    const [text] = await Promise.all([fails(database.url), vi.waitUntil(kill, { timeout: 20_000 })])
    expect(text).toContain('SQLSTATE 57P01). The connection was ended from the other side.')
  })
})

describe('a command whose role has a password', () => {
  it('says that none was given, or a wrong one, and shows neither', async () => {
    await using rig = await startRig({ standbys: 0, redis: false })
    const { host, port, dataDirectory } = rig.primary
    const hba = join(dataDirectory, 'pg_hba.conf')
    writeFileSync(hba, `host all keeper all scram-sha-256\n${readFileSync(hba, 'utf8')}`)
    await fill(rig.primary.adminUrl(), "create role keeper login password 's3cret'; select pg_reload_conf()")
    const missing = await fails(`postgres://keeper@${host}:${port}/postgres`)
    expect(missing).toContain('Authentication failed for "keeper"')
    const wrong = await fails(`postgres://keeper:s3cr3t@${host}:${port}/postgres`)
    expect(wrong).toContain('password authentication failed for user "keeper" (SQLSTATE 28P01)')
    expect(wrong).not.toContain('s3cr3t')
  })
})
