import pg from 'pg'
import { expect, it } from 'vitest'
import { defaultTenant } from '../../../../../src/rls/audit/rules/policies/default-tenant.ts'
import { runAudit } from '../../../../../src/rls/audit/run-audit.ts'
import { startRig } from '../../../../../src/testing/rig/start-rig.ts'
import { createAppRoles } from '../../../../support/notes.ts'

it('finds a tenant that the configuration file of the server gives to every session', async () => {
  const settings = { 'app.tenant_id': '00000000-0000-4000-8000-000000000001' }
  await using rig = await startRig({ standbys: 0, redis: false, settings })
  await createAppRoles(rig.primary.adminUrl())
  const client = new pg.Client({ connectionString: rig.primary.adminUrl() })
  await client.connect()
  await client.query('begin')
  const options = {
    appRole: 'app',
    tenantColumn: 'tenant_id',
    tenantColumns: {},
    tenantSetting: 'App.Tenant_ID',
    settings: [],
    shared: [],
    backupRoles: [],
    sources: [],
  }
  const found = await runAudit(client, options, [defaultTenant])
  expect(found).toMatchObject([{ rule: 'default-tenant', severity: 'error', object: 'App.Tenant_ID' }])
  expect(found[0]?.message).toContain('postgresql.conf')

  // A role that was given no tenant on purpose is not given the file's.
  await client.query("alter role app set app.tenant_id = ''")
  expect(await runAudit(client, options, [defaultTenant])).toEqual([])
  await client.query('rollback')
  await client.end()
})
