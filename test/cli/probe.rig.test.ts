import { describe, expect, inject, it } from 'vitest'
import { startPgbouncer } from '../../src/testing/rig/start-pgbouncer.ts'
import { CliDatabase } from './cli-database.ts'
import { type CliRun, lastLine, runCli } from './run-cli.ts'
import { ScratchFolder } from './scratch-folder.ts'

const A = 'aaaaaaaa-0000-4000-8000-00000000000a'
const B = 'bbbbbbbb-0000-4000-8000-00000000000b'
const TENANT = "(select nullif(current_setting('app.tenant_id', true), '')::uuid)"

/** Roles belong to the whole server, and stay. */
const ROLE = `do $$ begin create role probe_owner; exception when duplicate_object then null; end $$;`

/** Two tables with rows of two tenants: one that is right, and one whose policy lets everybody read. */
const SCHEMA = `
${ROLE}
create table visits (tenant_id uuid not null, id uuid not null default gen_random_uuid(), body text, primary key (tenant_id, id));
create table letters (like visits including all);
insert into visits (tenant_id, body) values ('${A}', 'a secret'), ('${B}', 'a secret');
insert into letters select * from visits;
alter table visits owner to probe_owner;
alter table letters owner to probe_owner;
${['visits', 'letters']
  .map(
    (table) => `alter table ${table} enable row level security; alter table ${table} force row level security;
      create policy tenant on ${table} to app using (tenant_id = ${TENANT});
      grant select, insert, delete, update (body) on ${table} to app;`,
  )
  .join('\n')}
create policy reading on letters for select to app using (true);
`

async function openDatabase() {
  const database = await CliDatabase.create(SCHEMA)
  const folder = new ScratchFolder()
  const run = (...args: string[]) => runCli(['probe', ...args], { cwd: folder.path })
  const dispose = async () => {
    folder[Symbol.dispose]()
    await database[Symbol.asyncDispose]()
  }
  return { database, run, [Symbol.asyncDispose]: dispose }
}

interface JsonFinding {
  readonly rule: string
  readonly severity: string
  readonly object: string
}

const errorsOf = (run: CliRun) =>
  (JSON.parse(lastLine(run)).findings as readonly JsonFinding[])
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, object }) => `${rule} ${object}`)

describe('leasehold probe', () => {
  it('finds what the application sees of another tenant, with its login, and leaves every row as it was', async () => {
    await using opened = await openDatabase()
    const { database, run } = opened
    const rows = async () =>
      (
        await database.admin.query(
          'select *, xmin, ctid from visits union all select *, xmin, ctid from letters',
        )
      ).rows
    const before = await rows()
    const probed = await run('--json', '--url', database.url, '--app-url', database.urlAs('app'))
    expect(probed.code, probed.stderr).toBe(3)
    expect(errorsOf(probed)).toContain('probe-read public.letters')
    expect(errorsOf(probed).filter((finding) => finding.endsWith('.visits'))).toEqual([])
    expect(probed.stdout + probed.stderr).not.toContain('a secret')
    expect(await rows()).toEqual(before)
  })

  it.each([
    ['taking the role of the application', []],
    ['for tenants that are named', ['--tenant', A, '--tenant', B]],
    ['without trying to write', ['--read-only']],
  ])('does so %s', async (_how, args) => {
    await using opened = await openDatabase()
    const probed = await opened.run('--json', '--url', opened.database.url, ...args)
    expect(probed.code, probed.stderr).toBe(3)
    expect(errorsOf(probed)).toContain('probe-read public.letters')
  })

  it('needs no more than the login where tenants are named, and can leave something alone', async () => {
    await using opened = await openDatabase()
    const login = ['--app-url', opened.database.urlAs('app')]
    const args = [...login, '--tenant', A, '--tenant', B, '--skip', 'public.letters', '--json']
    const probed = await opened.run(...args)
    expect(probed.stderr).toBe('')
    expect(errorsOf(probed)).toEqual([])
    const unnamed = await opened.run(...login)
    expect(unnamed).toMatchObject({ code: 2, stdout: '' })
    expect(unnamed.stderr).toContain('Name them (`--tenant`, twice')
  })

  it('takes tenants and their settings from the configuration', async () => {
    await using opened = await openDatabase()
    const config = JSON.stringify({ probe: { tenants: [{ id: A }, { id: B }], skip: ['public.letters'] } })
    using folder = new ScratchFolder({ 'leasehold.config.json': config })
    const probed = await runCli(['probe', '--json', '--app-url', opened.database.urlAs('app')], {
      cwd: folder.path,
    })
    expect(probed.stderr).toBe('')
    expect(errorsOf(probed)).toEqual([])
  })

  it('writes SARIF and knows a baseline, as the audit does', async () => {
    await using opened = await openDatabase()
    const args = ['--url', opened.database.url, '--baseline', 'known.json']
    expect((await opened.run(...args, '--write-baseline')).code).toBe(0)
    const known = await opened.run(...args, '--format', 'sarif')
    expect(known.code, known.stderr).toBe(0)
    const [{ automationDetails, results }] = JSON.parse(known.stdout).runs
    expect({ automationDetails, results }).toEqual({
      automationDetails: { id: 'leasehold/probe/' },
      results: [],
    })
  })

  it('refuses a pooler as the login', async () => {
    await using opened = await openDatabase()
    const { database, run } = opened
    await using pooler = await startPgbouncer({
      version: '1.24',
      target: inject('rig').primary,
      users: ['app'],
    })
    const url = pooler.url({ user: 'app', database: database.name })
    const probed = await run('--url', database.url, '--app-url', url)
    expect(probed).toMatchObject({ code: 1, stdout: '' })
    expect(probed.stderr).toContain('--app-url leads to a pooler')
  })

  it.each([
    [[], 'No server is given. Pass --app-url'],
    [['--app-url', 'postgres://127.0.0.1/x', '--tenant', A], '--tenant must be given twice'],
    [['--app-url', 'postgres://127.0.0.1/x', '--tenant', A, '--tenant', A], '--tenant must be given twice'],
    [
      ['--app-url', 'postgres://127.0.0.1/x', '--skip', 'letters'],
      '--skip is "letters", but must be schema.table',
    ],
  ])('refuses %j as wrong usage', async (args, expected) => {
    using folder = new ScratchFolder()
    const run = await runCli(['probe', ...args], { cwd: folder.path })
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain(expected)
  })
})
