import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditOptions } from '../../../src/rls/audit/audit-options.ts'
import { RULES } from '../../../src/rls/audit/rules/index.ts'
import { runAudit } from '../../../src/rls/audit/run-audit.ts'
import type { Finding } from '../../../src/rls/finding.ts'
import { planSteps } from '../../../src/rls/report/migration/migration-steps.ts'
import { openTarget, type Target } from '../../support/target.ts'
import { BASE, type CorpusCase, readCorpus } from '../corpus-case.ts'

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
const RULES_OF_SCHEMAS = RULES.filter(({ id }) => id !== 'server-version')
/** Where a migration has most to put in order. */
const severalFindings = readCorpus().filter(({ finds }) => finds.length > 2)

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

const audit = (schema: CorpusCase) => runAudit(client, { ...DEFAULTS, ...schema.options }, RULES_OF_SCHEMAS)
const named = ({ rule, object }: Finding) => `${rule} ${object}`

describe('the migration of a bad schema', () => {
  it.each(severalFindings)(
    '$rule: $name runs in its order, and leaves what it leaves to its reader',
    async (schema) => {
      await client.query('begin')
      try {
        await client.query(BASE)
        await client.query(schema.sql)
        await client.query('reset role')
        const { transactional, separate, manual } = planSteps(await audit(schema))
        expect(separate).toEqual([])
        for (const statement of transactional.flatMap(({ statements }) => statements))
          await client.query(statement)
        const allowed = new Set(manual.map(named))
        expect((await audit(schema)).map(named).filter((finding) => !allowed.has(finding))).toEqual([])
      } finally {
        await client.query('rollback')
      }
    },
  )
})
