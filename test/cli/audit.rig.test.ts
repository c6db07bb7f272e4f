import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { escapeIdentifier } from 'pg'
import { describe, expect, inject, it, vi } from 'vitest'
import { askOnce } from '../../src/testing/rig/admin-session.ts'
import { HOSTILE_NAMES } from '../rls/report/hostile-findings.ts'
import { CliDatabase } from './cli-database.ts'
import { type CliRun, lastLine, runCli } from './run-cli.ts'
import { ScratchFolder } from './scratch-folder.ts'

/** A table of tenants that nothing protects, of any name. */
const openTable = (name: string) =>
  `create table ${escapeIdentifier(name)} (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id));`

interface JsonFinding {
  readonly rule: string
  readonly object: string
  readonly severity: string
}

const findingsOf = (run: CliRun): readonly JsonFinding[] => JSON.parse(lastLine(run)).findings
const objectsOf = (run: CliRun, rule: string) =>
  findingsOf(run)
    .filter((finding) => finding.rule === rule)
    .map(({ object }) => object)

describe('leasehold audit', () => {
  it('ends with 3 and says in text, JSON and SARIF what it found', async () => {
    await using database = await CliDatabase.create(openTable('visits'))
    using folder = new ScratchFolder()
    const run = (...args: string[]) =>
      runCli(['audit', ...args], { cwd: folder.path, env: { LEASEHOLD_URL: database.url } })
    const [text, json, sarif] = await Promise.all([run(), run('--json'), run('--format', 'sarif')])
    expect([text.code, json.code, sarif.code]).toEqual([3, 3, 3])
    expect([text.stderr, json.stderr, sarif.stderr]).toEqual(['', '', ''])
    expect(text.stdout).toMatch(/^ {2}public\.visits {2}\[rls-disabled\]\n {4}.+\n {4}Fix: .+$/m)
    expect(objectsOf(json, 'rls-disabled')).toEqual(['public.visits'])
    expect(JSON.parse(sarif.stdout).runs[0].results).toHaveLength(findingsOf(json).length)
  })

  it('ends with 0 where everything is known, and says what no longer occurs', async () => {
    await using database = await CliDatabase.create(openTable('visits') + openTable('patients'))
    using folder = new ScratchFolder()
    const run = (...args: string[]) =>
      runCli(['audit', '--url', database.url, '--baseline', 'known.json', ...args], { cwd: folder.path })
    const missing = await run()
    expect(missing).toMatchObject({ code: 2, stdout: '' })
    expect(missing.stderr).toContain('--write-baseline makes it')

    expect((await run('--write-baseline')).code).toBe(0)
    const known = await run('--json')
    expect({ code: known.code, findings: findingsOf(known) }).toEqual({ code: 0, findings: [] })

    await database.admin.query(`drop table visits; ${openTable('doctors')}`)
    const later = await run('--json')
    expect(later.code).toBe(3)
    expect(objectsOf(later, 'rls-disabled')).toEqual(['public.doctors'])
    expect(later.stderr).toContain('no longer occur')
    expect(later.stderr).toMatch(/^ {2}public\.visits {2}\[rls-disabled\]/m)
  })

  it('writes a migration after which it finds nothing that the migration mends', async () => {
    await using database = await CliDatabase.create(openTable('visits') + openTable('patients'))
    using folder = new ScratchFolder()
    const run = (...args: string[]) => runCli(['audit', '--url', database.url, ...args], { cwd: folder.path })
    const before = await run('--fix', '--output', 'mend.sql', '--json')
    expect(objectsOf(before, 'rls-disabled')).toEqual(['public.patients', 'public.visits'])
    const migration = readFileSync(join(folder.path, 'mend.sql'), 'utf8')
    const printed = await run('--fix')
    expect(printed.stdout.trimEnd()).toBe(migration.trimEnd())
    expect(printed.code).toBe(3)
    await database.admin.query(migration)
    expect(objectsOf(await run('--json'), 'rls-disabled')).toEqual([])
  })

  it('lets no name out of text, JSON, SARIF or migration', async () => {
    await using database = await CliDatabase.create(HOSTILE_NAMES.map(openTable).join('\n'))
    using folder = new ScratchFolder()
    const run = (...args: string[]) => runCli(['audit', '--url', database.url, ...args], { cwd: folder.path })
    const objects = HOSTILE_NAMES.map((name) => `public.${name}`).sort()
    const [text, json, sarif] = await Promise.all([
      run(),
      run('--json', '--fix', '--output', 'mend.sql'),
      run('--format', 'sarif'),
    ])
    expect(objectsOf(json, 'rls-disabled').toSorted()).toEqual(objects)
    expect(text.stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(text.stdout.match(/\[rls-disabled\]$/gm)).toHaveLength(objects.length)
    expect(JSON.parse(sarif.stdout).runs[0].results).toHaveLength(findingsOf(json).length)
    await database.admin.query(readFileSync(join(folder.path, 'mend.sql'), 'utf8'))
    expect(objectsOf(await run('--json'), 'rls-disabled')).toEqual([])
    const { rows } = await database.admin.query("select from pg_tables where schemaname = 'public'")
    expect(rows).toHaveLength(objects.length)
  }, 60_000)

  it('takes shared tables and the tenant column from the configuration, and both from the command line first', async () => {
    await using database = await CliDatabase.create(
      `${openTable('visits')} create table clinics (mandant uuid primary key, name text); grant select on clinics to app;`,
    )
    using folder = new ScratchFolder({
      'leasehold.config.ts': `const shared: string[] = ['public.visits']; export default { shared, tenantColumn: 'mandant' }`,
    })
    const run = (...args: string[]) =>
      runCli(['audit', '--json', '--url', database.url, ...args], { cwd: folder.path })
    const [configured, overridden] = await Promise.all([run(), run('--tenant-column', 'tenant_id')])
    expect(objectsOf(configured, 'rls-disabled')).toEqual(['public.clinics'])
    expect(objectsOf(overridden, 'rls-disabled')).toEqual([])
  })

  it('looks at a replica as well', async () => {
    await using database = await CliDatabase.create(openTable('visits'))
    using folder = new ScratchFolder()
    const [standby] = inject('rig').standbys
    const url = `postgres://postgres@${standby?.host}:${standby?.port}/${database.name}`
    const isReplayed = () =>
      askOnce(url, "select from pg_class where relname = 'visits'").then(
        (rows) => rows.length > 0,
        () => false,
      )
    await vi.waitUntil(isReplayed, { timeout: 20_000, interval: 100 })
    const run = await runCli(['audit', '--json', '--url', url], { cwd: folder.path })
    expect(run.code, run.stderr).toBe(3)
    expect(objectsOf(run, 'rls-disabled')).toEqual(['public.visits'])
  })
})
