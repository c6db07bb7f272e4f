import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditOptions } from '../../src/rls/audit/audit-options.ts'
import { RULES } from '../../src/rls/audit/rules/index.ts'
import { runAudit } from '../../src/rls/audit/run-audit.ts'
import { generatePolicy } from '../../src/rls/policy/generate-policy.ts'
import { OPTIONS, ScratchDatabase } from './policy/support/scratch-database.ts'

const EXAMPLES = `${import.meta.dirname}/../../examples/schema`
const read = (path: string) => readFileSync(`${EXAMPLES}/${path}`, 'utf8')
const AUDIT: AuditOptions = {
  ...OPTIONS,
  tenantColumns: {},
  settings: [],
  shared: [],
  backupRoles: [],
  sources: [],
}
const rules = RULES.filter(({ id }) => id !== 'server-version')

let resources: AsyncDisposableStack
let database: ScratchDatabase
let parts: readonly string[]

beforeAll(async () => {
  resources = new AsyncDisposableStack()
  database = await ScratchDatabase.open(resources)
  await database.admin.query(read('01-roles.sql'))
  await database.admin.query(read('generated/plain.sql'))
  parts = (await database.generate()).flatMap((statement) => statement.parts)
})
afterAll(() => resources.disposeAsync())

/** What is found where the migration has run without one of its statements; all is taken back. */
async function findingsWithout(missing: number | undefined): Promise<{ audit: string[]; generator: number }> {
  const { admin } = database
  await admin.query('begin')
  try {
    for (const [index, part] of parts.entries()) {
      if (index === missing) continue
      await admin.query('savepoint part')
      // What builds on the missing statement may fail with it.
      await admin.query(part).then(
        () => admin.query('release savepoint part'),
        () => admin.query('rollback to savepoint part'),
      )
    }
    const audit = (await runAudit(admin, AUDIT, rules)).map(({ rule, object }) => `${rule} ${object}`)
    return { audit, generator: (await generatePolicy(admin, OPTIONS)).length }
  } finally {
    await admin.query('rollback')
  }
}

describe('the generated migration of the clinic', () => {
  it('leaves nothing for an audit to find', async () => {
    expect(await findingsWithout(undefined)).toEqual({ audit: [], generator: 0 })
  })

  it('has no statement that could be missing without being found', { timeout: 120_000 }, async () => {
    const unseen: string[] = []
    const byGenerator: string[] = []
    for (const [index, part] of parts.entries()) {
      const { audit, generator } = await findingsWithout(index)
      if (audit.length > 0) continue
      if (generator > 0) byGenerator.push(part)
      else unseen.push(part)
    }
    const byAudit = parts.length - byGenerator.length - unseen.length
    console.log(
      `${parts.length} statements: ${byAudit} missed by the audit, ${byGenerator.length} by the generator, ${unseen.length} by neither`,
    )
    // Without them the application is refused what it may do; nothing is open.
    for (const part of byGenerator)
      expect(part).toMatch(/ set default |^alter default privileges|^create policy tenant on/)
    // The first change nothing in a schema that has no policies yet. Of the last nobody knows that they were wanted.
    for (const part of unseen) expect(part).toMatch(/^drop policy if exists|foreign key \(tenant_id, /)
  })
})
