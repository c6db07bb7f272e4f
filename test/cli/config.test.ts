import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/cli/config/load-config.ts'
import { ConfigError } from '../../src/errors/config.ts'
import { ScratchFolder } from './scratch-folder.ts'

async function load(files: Readonly<Record<string, string>>, given?: string) {
  using folder = new ScratchFolder(files)
  const { config } = await loadConfig(given, folder.path)
  return config
}

const loadJson = (config: unknown) => load({ 'leasehold.config.json': JSON.stringify(config) })

describe('the configuration', () => {
  it('is nothing where there is no file', async () => {
    expect(await load({})).toEqual({})
  })

  it('is TypeScript, with its types left out', async () => {
    const source = `
      import type { AuditOptions } from 'leasehold/rls'
      export default { shared: ['public.countries'], tenantColumns: { 'public.clinics': 'id' } } satisfies Partial<AuditOptions>`
    expect(await load({ 'leasehold.config.ts': source })).toEqual({
      shared: ['public.countries'],
      tenantColumns: { 'public.clinics': 'id' },
    })
  })

  it.each([
    ['leasehold.config.js', 'export default { appRole: "web" }'],
    ['leasehold.config.json', '{ "appRole": "web" }'],
  ])('is read from %s', async (name, source) => {
    expect(await load({ [name]: source })).toEqual({ appRole: 'web' })
  })

  it('is the file that --config names, whatever lies beside it', async () => {
    const files = { 'leasehold.config.json': '{ "appRole": "web" }', 'other.json': '{ "appRole": "job" }' }
    expect(await load(files, 'other.json')).toEqual({ appRole: 'job' })
  })

  it('takes every key', async () => {
    const config = {
      appRole: 'Web "Role"',
      tenantColumn: 'mandant',
      tenantColumns: { 'public.my.table': 'id' },
      tenantSetting: 'my_app.tenant',
      settings: ['app.user_id', { setting: 'app.ward', column: 'ward', tables: ['public.visits'] }],
      shared: ['public.Länder'],
      backupRoles: ['backup'],
      poolerUrl: 'postgres://admin@127.0.0.1:6432/pgbouncer',
      sources: ['src'],
      schemas: ['public', 'Clinic'],
      internal: ['public.migrations'],
      privileges: { 'public.visits': ['select', 'insert'] },
      keepPolicies: ['own'],
      probe: {
        tenants: [{ id: '1' }, { id: '2', settings: { 'app.user_id': '' } }],
        skip: ['public.send_letter'],
      },
      partitions: {
        partsSchema: 'audit_log_months',
        tables: { audit_log: { key: 'at', keyType: 'timestamptz', every: 'month', premake: 3 } },
      },
    }
    expect(await loadJson(config)).toEqual(config)
  })

  it.each([
    [{ share: [] }, 'unknown key "share". Did you mean shared?'],
    [{ 'tenant-column': 'x' }, 'Did you mean tenantColumn?'],
    [{ database: 'x' }, 'unknown key "database". Known are: appRole, '],
    [JSON.parse('{ "__proto__": 1 }'), 'unknown key "__proto__"'],
    [{ partitions: [] }, 'leasehold.config.json: partitions must be an object'],
    [{ partitions: { tables: {} } }, 'leasehold.config.json: partitions.tables must be'],
    [{ partitions: { table: {} } }, 'leasehold.config.json: partitions.table is no option'],
    [[], 'holds no configuration'],
    [null, 'holds no configuration'],
    [{ shared: 'public.x' }, 'shared must be a list'],
    [{ shared: ['countries'] }, 'shared[0] is "countries", but must be schema.table'],
    [{ shared: ['public.'] }, 'must be schema.table'],
    [{ shared: [1] }, 'shared[0] must be a text'],
    [{ tenantColumns: [] }, 'tenantColumns must be an object'],
    [{ tenantColumns: { clinics: 'id' } }, 'must be schema.table'],
    [{ tenantColumns: { 'public.clinics': '' } }, 'tenantColumns["public.clinics"] must be a text'],
    [{ appRole: 'ü'.repeat(32) }, 'appRole is longer than the 63 bytes'],
    [{ tenantSetting: 'tenant' }, 'tenantSetting is not the name of a custom setting'],
    [
      { settings: [{ setting: 'app.ward', colum: 'x' }] },
      'settings[0] has the unknown key "colum". Did you mean column?',
    ],
    [{ settings: [{ setting: 'app.ward' }] }, 'settings[0].column must be a text'],
    [{ privileges: { visits: [] } }, 'must be schema.table'],
    [{ privileges: { 'public.visits': ['truncate'] } }, 'must be one of select, insert, update, delete'],
    [{ probe: { tenants: [{ id: '1' }] } }, 'probe.tenants must be two tenants'],
    [{ probe: { tenant: [] } }, 'Did you mean tenants?'],
    [{ probe: { tenants: [{ id: '1' }, { id: 2 }] } }, 'probe.tenants[1].id must be a text'],
    [
      { probe: { tenants: [{ id: '1' }, { id: '2', settings: { ward: '1' } }] } },
      'settings: a key is not the name of a custom setting',
    ],
    [
      { probe: { tenants: [{ id: '1' }, { id: '2', settings: { 'app.ward': 1 } }] } },
      'settings["app.ward"] must be a text',
    ],
    [{ settings: ["app.x'; drop"] }, 'settings[0] is not the name of a custom setting'],
  ])('is refused when it is %j', async (config, expected) => {
    const refused = loadJson(config)
    await expect(refused).rejects.toThrow(ConfigError)
    await expect(refused).rejects.toThrow(expected)
  })

  it.each([
    [{ 'leasehold.config.ts': 'export const config = {}' }, 'the default export'],
    [{ 'leasehold.config.js': 'throw new Error("no such luck")' }, 'could not be run: no such luck'],
    [{ 'leasehold.config.json': '{ "poolerUrl": "secret", }' }, /is not JSON(: look at position \d+.*)?\.$/],
  ])('is refused when the file is %j', async (files, expected) => {
    await expect(load(files)).rejects.toThrow(ConfigError)
    await expect(load(files)).rejects.toThrow(expected)
  })

  it('must be there where it is named', async () => {
    await expect(load({}, 'leasehold.config.ts')).rejects.toThrow('leasehold.config.ts does not exist')
  })
})
