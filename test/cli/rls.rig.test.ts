import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { escapeIdentifier } from 'pg'
import { describe, expect, it } from 'vitest'
import { HOSTILE_NAMES } from '../rls/report/hostile-findings.ts'
import { CliDatabase } from './cli-database.ts'
import { lastLine, runCli } from './run-cli.ts'
import { ScratchFolder } from './scratch-folder.ts'

const table = (name: string, schema = 'public') =>
  `create table ${schema}.${escapeIdentifier(name)} (tenant_id uuid not null, id uuid primary key, body text);`

describe('leasehold rls generate', () => {
  it('prints a migration, after which it has nothing to do', async () => {
    await using database = await CliDatabase.create(table('visits'))
    using folder = new ScratchFolder()
    const run = (...args: string[]) =>
      runCli(['rls', 'generate', '--url', database.url, ...args], { cwd: folder.path })
    const printed = await run()
    expect(printed).toMatchObject({ code: 0, stderr: '' })
    expect(printed.stdout).toMatch(/^begin;\nset local lock_timeout = '5s';$/m)
    expect((await run('--check')).code).toBe(3)
    const written = await run('--output', 'mend.sql')
    expect(written).toMatchObject({ code: 0, stdout: '' })
    const migration = readFileSync(join(folder.path, 'mend.sql'), 'utf8')
    expect(migration).toBe(printed.stdout.replace(/\n$/, ''))
    await database.admin.query(migration)
    const after = await run('--check', '--json')
    expect(after.code).toBe(0)
    expect(JSON.parse(lastLine(after))).toEqual({ statements: [] })
    expect((await run()).stdout).toContain('-- Nothing to do')
  })

  it('is about the tables or the schemas that are named, and else about those of the configuration', async () => {
    await using database = await CliDatabase.create(
      `create schema a; create schema b; ${table('x', 'a')} ${table('x', 'b')} ${table('x')}`,
    )
    using folder = new ScratchFolder({ 'leasehold.config.json': '{ "schemas": ["b"] }' })
    const tables = async (...args: string[]) => {
      const run = await runCli(['rls', 'generate', '--json', '--url', database.url, ...args], {
        cwd: folder.path,
      })
      expect(run.code, run.stderr).toBe(0)
      const { statements } = JSON.parse(lastLine(run))
      const locked = statements.flatMap(({ locks }: { locks: { table: string }[] }) => locks)
      return [...new Set(locked.map((lock: { table: string }) => lock.table))].sort()
    }
    expect(await tables()).toEqual(['b.x'])
    expect(await tables('public.x')).toEqual(['public.x'])
    expect(await tables('--schema', 'a', '--schema', 'b')).toEqual(['a.x', 'b.x'])
  })

  it('lists everything that stands in the way, and ends with 1', async () => {
    await using database = await CliDatabase.create(
      `${table('visits')} create table countries (code text primary key); create table "two\nlines" (x int);`,
    )
    using folder = new ScratchFolder()
    const run = await runCli(['rls', 'generate', '--url', database.url], { cwd: folder.path })
    expect(run).toMatchObject({ code: 1, stdout: '' })
    expect(run.stderr).toMatch(/^- public\.countries: /m)
    expect(run.stderr).toMatch(/^- public\.two\\nlines: /m)
  })

  it('writes SQL that no name breaks out of', async () => {
    await using database = await CliDatabase.create(HOSTILE_NAMES.map((name) => table(name)).join('\n'))
    using folder = new ScratchFolder()
    const run = (...args: string[]) =>
      runCli(['rls', 'generate', '--url', database.url, ...args], { cwd: folder.path })
    expect(await run('--output', 'mend.sql')).toMatchObject({ code: 0, stdout: '' })
    await database.admin.query(readFileSync(join(folder.path, 'mend.sql'), 'utf8'))
    expect((await run('--check')).code).toBe(0)
    const { rows } = await database.admin.query(
      "select from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relforcerowsecurity",
    )
    expect(rows).toHaveLength(HOSTILE_NAMES.length)
  })

  it.each([
    [['visits'], 'The table is "visits", but must be schema.table'],
    [['--schema', 'x'.repeat(64)], '--schema is longer than the 63 bytes'],
    [['--tenant-setting', 'x; drop'], '--tenant-setting is not the name of a custom setting'],
  ])('refuses %j as wrong usage', async (args, expected) => {
    using folder = new ScratchFolder()
    const run = await runCli(['rls', 'generate', '--url', 'postgres://127.0.0.1:1/x', ...args], {
      cwd: folder.path,
    })
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain(expected)
  })
})
