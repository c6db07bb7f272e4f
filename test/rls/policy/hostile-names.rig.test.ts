import { afterAll, beforeAll, expect, it } from 'vitest'
import { printMigration } from '../../../src/rls/policy/print-migration.ts'
import {
  createHostileSchema,
  dropHostileRole,
  HOSTILE,
  HOSTILE_OPTIONS,
  QUOTED,
} from './support/hostile-names.ts'
import { schemaFacts } from './support/schema-facts.ts'
import { ScratchDatabase } from './support/scratch-database.ts'

const TENANTS = ['aaaaaaaa-0000-4000-8000-00000000000a', 'bbbbbbbb-0000-4000-8000-00000000000b']

let resources: AsyncDisposableStack
let database: ScratchDatabase
beforeAll(async () => {
  resources = new AsyncDisposableStack()
  database = await ScratchDatabase.open(resources)
  await createHostileSchema(database.admin)
  resources.defer(() => dropHostileRole(database.admin))
})
afterAll(() => resources.disposeAsync())

it('Names with quotes, line breaks and dollars stay names, also in the file that is printed', async () => {
  const statements = await database.generate(HOSTILE_OPTIONS)
  await database.admin.query(`begin;\n${printMigration(statements)}commit`)
  expect(await database.generate(HOSTILE_OPTIONS)).toEqual([])
  const facts = await schemaFacts(database.admin)
  expect(facts.some((fact) => fact.startsWith('relation r canary '))).toBe(true)
  await database.apply(statements)
  expect(await schemaFacts(database.admin)).toEqual(facts)
})

it('The schema that is made so keeps tenants apart', async () => {
  const { admin } = database
  const table = `${QUOTED.schema}.${QUOTED.table}`
  for (const tenant of TENANTS) {
    await admin.query(`insert into ${table} (${QUOTED.tenant}, name) values ($1, 'same name')`, [tenant])
  }
  const app = await database.connect(HOSTILE.role)
  expect((await app.query(`select from ${table}`)).rowCount).toBe(0)
  await app.query('begin')
  await app.query("select set_config('app.tenant_id', $1, true)", [TENANTS[0]])
  const { rows } = await app.query(`select ${QUOTED.tenant} as tenant from ${table}`)
  expect(rows).toEqual([{ tenant: TENANTS[0] }])
  await app.query('rollback')
})

it('Names that are made of others fit, and differ', async () => {
  const { rows } = await database.admin.query<{ name: string }>(
    `select conname as name from pg_constraint where conrelid::regclass::text like '%patients%' and contype in ('u', 'p', 'f')
     union all select relname from pg_class where relname like '%expression%'`,
  )
  for (const { name } of rows) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
  expect(rows.length).toBeGreaterThanOrEqual(3)
})
