import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expect, it } from 'vitest'
import { splitStatements } from '../../src/rls/report/migration/split-statements.ts'
import { startRig } from '../../src/testing/rig/start-rig.ts'
import { GROWN_SCHEMA } from './grown-schema.ts'
import { lastLine, runCli } from './run-cli.ts'
import { ScratchFolder } from './scratch-folder.ts'

interface JsonFinding {
  readonly rule: string
  readonly object: string
  readonly message: string
}

/** A server of its own: some of what is wrong belongs to the role. */
it('leasehold audit --fix mends a schema in which many things are wrong at once', async () => {
  await using rig = await startRig({ standbys: 0, redis: false })
  using folder = new ScratchFolder()
  const url = rig.primary.adminUrl()
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  await client.query('create role app login')
  await client.query(GROWN_SCHEMA)
  const audit = async (...args: string[]) => {
    const run = await runCli(['audit', '--url', url, '--json', ...args], { cwd: folder.path })
    expect(run.code, run.stderr).toBe(3)
    return JSON.parse(lastLine(run)).findings as readonly JsonFinding[]
  }
  const before = await audit('--fix', '--output', 'mend.sql')
  const migration = readFileSync(join(folder.path, 'mend.sql'), 'utf8')
  // One by one, as psql does it: some refuse to be sent along with others.
  for (const { text } of splitStatements(migration)) await client.query(text)
  const after = await audit()
  await client.end()

  const spoken = (findings: readonly JsonFinding[]) => findings.map(({ rule, object }) => `${rule} ${object}`)
  const decided = migration.slice(migration.indexOf('-- To be decided by you:'))
  const left = spoken(after).filter((finding) => !finding.startsWith('server-version'))
  // What is left is what the migration had left to its reader, and nothing that it has brought about.
  for (const finding of left) expect(decided).toContain(`-- ${finding.replace(' ', ': ')}\n`)
  expect(after.length).toBeLessThan(before.length)
}, 60_000)
