import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditOptions } from '../../src/rls/audit/audit-options.ts'
import { RULES } from '../../src/rls/audit/rules/index.ts'
import { runAudit } from '../../src/rls/audit/run-audit.ts'
import { openTarget, type Target } from '../support/target.ts'
import { BASE, type CorpusCase, readCorpus } from './corpus-case.ts'

const DEFAULTS: AuditOptions = {
  appRole: 'app',
  tenantColumn: 'tenant_id',
  tenantColumns: {},
  tenantSetting: 'app.tenant_id',
  settings: [],
  shared: [],
  backupRoles: [],
  sources: [],
}
/** What the server under test is would be found in every schema. */
const RULES_OF_SCHEMAS = RULES.filter(({ id }) => id !== 'server-version')
/** What no schema has: the pooler's settings and the application's source have tests of their own. */
const BESIDE_SCHEMAS = ['pooler-settings', 'source-text']

const corpus = readCorpus()
let target: Target
let client: pg.PoolClient

beforeAll(async () => {
  target = await openTarget('direct', { poolSize: 2, template: 'empty' })
  client = await target.admin.connect()
})
afterAll(async () => {
  client.release()
  await target[Symbol.asyncDispose]()
})

/** Makes the schema in a transaction, uses it, and leaves nothing behind: roles belong to the whole server. */
async function inSchema<T>(schema: CorpusCase, use: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    await client.query(BASE)
    await client.query(schema.sql)
    await client.query('reset role')
    return await use()
  } finally {
    await client.query('rollback')
  }
}

const audit = (schema: CorpusCase) => runAudit(client, { ...DEFAULTS, ...schema.options }, RULES_OF_SCHEMAS)

describe.each(corpus)('$rule: $name', (schema) => {
  it(schema.finds.length > 0 ? 'is found, and nothing else' : 'has nothing said about it', async () => {
    const findings = await inSchema(schema, () => audit(schema))
    expect(findings.map(({ rule, object }) => `${rule} ${object}`).sort()).toEqual(schema.finds)
  })

  it.runIf(schema.finds.length > 0)('is clean of what has a migration once that has run', async () => {
    await inSchema(schema, async () => {
      const fixable = (await audit(schema)).filter(({ sql }) => sql !== undefined)
      for (const { sql } of fixable) await client.query(sql ?? '')
      const left = (await audit(schema)).map(({ rule, object }) => `${rule} ${object}`)
      for (const { rule, object } of fixable) expect(left).not.toContain(`${rule} ${object}`)
    })
  })
})

describe('the corpus', () => {
  it.each(RULES_OF_SCHEMAS.map(({ id }) => id).filter((id) => !BESIDE_SCHEMAS.includes(id)))(
    'has two bad schemas and a right one for %s',
    (id) => {
      const own = corpus.filter(({ rule }) => rule === id)
      const bad = own.filter(
        ({ name, finds }) => name.startsWith('bad-') && finds.some((found) => found.startsWith(`${id} `)),
      )
      const right = own.filter(({ name, finds }) => name.startsWith('right-') && finds.length === 0)
      expect(bad.length).toBeGreaterThanOrEqual(2)
      expect(right.length).toBeGreaterThanOrEqual(1)
    },
  )
})
