import { join, relative } from 'node:path'
import pg from 'pg'
import { expect, inject, it, onTestFinished } from 'vitest'
import { AuditSubject } from '../../../src/rls/audit/audit-subject.ts'
import { sourceText } from '../../../src/rls/audit/rules/surroundings/source-text.ts'
import { writeProgram } from './program.ts'

async function find(sources: readonly string[]) {
  const client = new pg.Client({ ...inject('rig').primary, user: 'postgres', database: 'postgres' })
  await client.connect()
  onTestFinished(() => client.end())
  await client.query('begin')
  const options = {
    appRole: 'app',
    tenantColumn: 'tenant_id',
    tenantColumns: {},
    tenantSetting: 'app.tenant_id',
  }
  const subject = await AuditSubject.open(client, {
    ...options,
    settings: [],
    shared: [],
    backupRoles: [],
    sources,
  })
  return sourceText.find(subject)
}

it('says nothing of sources when none are named', async () => {
  expect(await find([])).toEqual([])
})

it('says of each place what it leaves behind and what to do, and shows no value of the text', async () => {
  const folder = await writeProgram({
    'a.ts': [
      "export const a = `set app.tenant_id = 'secret'`",
      "export const b = 'LISTEN secret'",
      "export const c = 'declare c cursor with hold for select secret'",
      "export const d = 'select pg_advisory_lock(42)'",
      "export const e = 'prepare p as select secret'",
      "export const f = 'create temp table secret ()'",
      "import { Pool } from 'pg'; new Pool().query('select secret')",
    ].join('\n'),
    'b.ts': 'const = 1',
  })
  const found = await find([folder])
  const path = relative(process.cwd(), join(folder, 'a.ts'))
  expect(found.map(({ object, line }) => [object, line])).toEqual([
    ...[1, 2, 3, 4, 5, 6, 7].map((line) => [path, line]),
    [path.replace('a.ts', 'b.ts'), 1],
  ])
  expect(new Set(found.map(({ message }) => message)).size).toBe(8)
  expect(found.map(({ severity }) => severity ?? sourceText.severity)).toEqual([
    ...Array(7).fill('warning'),
    'info',
  ])
  expect(JSON.stringify(found)).not.toContain('secret')
})
