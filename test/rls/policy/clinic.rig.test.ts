import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generatePolicy } from '../../../src/rls/policy/generate-policy.ts'
import type { PolicyStatement } from '../../../src/rls/policy/policy-statement.ts'
import { printMigration } from '../../../src/rls/policy/print-migration.ts'
import { schemaFacts } from './support/schema-facts.ts'
import { OPTIONS, ScratchDatabase } from './support/scratch-database.ts'

const EXAMPLES = `${import.meta.dirname}/../../../examples/schema`
const BY_HAND = readdirSync(EXAMPLES)
  .filter((name) => name.endsWith('.sql'))
  .sort()
const read = (path: string) => readFileSync(`${EXAMPLES}/${path}`, 'utf8')
/** The name of the database is in the comments, and in nothing that runs. */
const NAME = 'clinic'

let resources: AsyncDisposableStack
let plain: readonly string[]
let database: ScratchDatabase
let statements: readonly PolicyStatement[]

beforeAll(async () => {
  resources = new AsyncDisposableStack()
  database = await ScratchDatabase.open(resources)
  await database.admin.query(read('01-roles.sql'))
  await database.admin.query(read('generated/plain.sql'))
  plain = await schemaFacts(database.admin)
  statements = await database.generate()
  await database.apply(statements)
})
afterAll(() => resources.disposeAsync())

describe('the clinic that is generated', () => {
  it('is what was written by hand, to the letter', async () => {
    const byHand = await ScratchDatabase.open(resources)
    for (const file of BY_HAND) await byHand.admin.query(read(file))
    const wanted = await schemaFacts(byHand.admin)
    expect(plain).not.toEqual(wanted)
    expect(await schemaFacts(database.admin)).toEqual(wanted)
  })

  it('stays as it is when its migration runs again', async () => {
    const before = await schemaFacts(database.admin)
    await database.apply(statements)
    expect(await schemaFacts(database.admin)).toEqual(before)
  })

  it('is generated once: of what is right already nothing is said', async () => {
    expect(await database.generate()).toEqual([])
  })

  it('comes of the migration in the examples', async () => {
    const printed = printMigration(statements).replaceAll(database.name, NAME)
    await expect(printed).toMatchFileSnapshot(`${EXAMPLES}/generated/migration.sql`)
    const printedOnly = await ScratchDatabase.open(resources)
    await printedOnly.admin.query(read('01-roles.sql'))
    await printedOnly.admin.query(read('generated/plain.sql'))
    await printedOnly.admin.query(printed)
    expect(await schemaFacts(printedOnly.admin)).toEqual(await schemaFacts(database.admin))
  })

  it('is made whole by the next migration where a statement was left out of the first', async () => {
    const wanted = await schemaFacts(database.admin)
    const other = await ScratchDatabase.open(resources)
    await other.admin.query(read('01-roles.sql'))
    await other.admin.query(read('generated/plain.sql'))
    // The other tables, and the other months, are like these.
    const typical = statements.filter(
      ({ object }) => !/^public\.(?!patients|audit)|_(?!01)\d\d$/.test(object),
    )
    const noted: string[] = []
    for (const left of typical) {
      await other.admin.query('begin')
      for (const { sql } of statements) if (sql !== left.sql) await other.admin.query(sql)
      for (const { sql } of await generatePolicy(other.admin, OPTIONS)) await other.admin.query(sql)
      await other.admin.query('reset search_path')
      const facts = await schemaFacts(other.admin)
      if (facts.join() !== wanted.join()) noted.push(left.sql)
      await other.admin.query('rollback')
    }
    expect(noted).toEqual([])
    expect(typical.length).toBeGreaterThan(15)
  })

  it('says of each statement what it is for', () => {
    for (const { sql, parts, purpose, object, locks } of statements) {
      expect(sql).toBe(parts.join('\n'))
      expect(sql).toMatch(/;$/)
      expect(sql).not.toContain('--')
      expect(purpose).toMatch(/^[A-Z\w].*\.$/)
      expect(object).not.toBe('')
      expect(new Set(locks.map(({ table }) => table)).size).toBe(locks.length)
    }
  })
})
