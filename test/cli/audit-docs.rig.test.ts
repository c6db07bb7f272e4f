import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeAuditPage } from '../../scripts/audit-docs.ts'
import { RULES } from '../../src/rls/audit/rules/index.ts'
import { openTarget } from '../support/target.ts'

it('docs/audit.md is what scripts/write-audit-docs.ts writes', async () => {
  await using target = await openTarget('direct', { poolSize: 1, template: 'empty' })
  const client = await target.admin.connect()
  const page = readFileSync(join(import.meta.dirname, '../../docs/audit.md'), 'utf8')
  try {
    expect(await writeAuditPage(page, client), 'Run: node scripts/write-audit-docs.ts').toBe(page)
  } finally {
    client.release()
  }
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  expect(rows.map((line) => line.split('`')[1])).toEqual(RULES.map(({ id }) => id))
}, 60_000)
