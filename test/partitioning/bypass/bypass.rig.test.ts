import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { readCatalog } from '../../../src/partitioning/catalog/read-catalog.ts'
import { checkPartitions } from '../../../src/partitioning/check/check-partitions.ts'
import { planPartitions } from '../../../src/partitioning/plan/plan-partitions.ts'
import { setupSql } from '../../../src/partitioning/setup/setup-sql.ts'
import type { Finding } from '../../../src/rls/finding.ts'
import { CliDatabase } from '../../cli/cli-database.ts'
import { Random } from '../../support/random.ts'
import { applySteps } from './apply-steps.ts'
import { type FuzzCatalog, fuzzCatalog, soundSql } from './fuzz-catalog.ts'
import { createRoles, type FuzzRoles, outsiders } from './fuzz-roles.ts'
import { type Expected, HOLES, type Hole } from './holes.ts'
import { prepareTouching, type Touch, touchDirectly } from './touch-directly.ts'
import { withinTransaction } from './within-transaction.ts'

const CATALOGS = process.env.LEASEHOLD_TEST_SIZE === 'full' ? 2_000 : 60
const MOST_HOLES = 5
const SEED = Number(process.env.LEASEHOLD_TEST_SEED ?? 7)

/** What a run leaves to people: where a role's defaults are not the owner's to change, or that statements alone cannot mend. */
const LEFT_TO_PEOPLE = new Set([
  'archive-missing',
  'default-privileges',
  'default-partition',
  'partition-elsewhere',
  'detached-unrecorded',
])

const BESIDE_DEFAULT = new Set([...LEFT_TO_PEOPLE, 'partition-gap', 'months-ahead-missing'])

describe('partitions, however they were opened', () => {
  let database: CliDatabase
  let roles: FuzzRoles & AsyncDisposable
  let catalog: FuzzCatalog

  beforeAll(async () => {
    database = await CliDatabase.create()
    roles = await createRoles(inject('rig').primary, randomBytes(4).toString('hex'))
    catalog = fuzzCatalog(roles)
    await database.admin.query('begin')
    await database.admin.query(soundSql(catalog))
    await database.admin.query(setupSql(catalog.set, roles).join('\n'))
    await asJob(async () => applySteps(database.admin, await planned()))
    await database.admin.query('commit')
    await prepareTouching(database.admin)
  }, 60_000)

  afterAll(async () => {
    // With it go the things that the roles own: the guard lets no detached table be dropped by itself.
    await database?.[Symbol.asyncDispose]()
    await roles?.[Symbol.asyncDispose]()
  })

  /** Works on the catalog, and takes it back. */
  async function onCatalog<T>(work: () => Promise<T>): Promise<T> {
    const { admin } = database
    await admin.query("begin; set local app.tenant_id = '1'")
    try {
      return await work()
    } finally {
      await admin.query('rollback')
    }
  }

  async function asJob<T>(work: () => Promise<T>): Promise<T> {
    await database.admin.query(`set local session authorization ${roles.job}`)
    try {
      return await work()
    } finally {
      await database.admin.query('set local session authorization default')
    }
  }

  const read = () => readCatalog(withinTransaction(database.admin), catalog.set)
  const planned = async () => planPartitions(catalog.set, await read())
  const check = () => asJob(async () => checkPartitions(catalog.set, await read()))

  /** Everything in the schemas of the job, and partitions elsewhere. */
  async function relations(): Promise<readonly string[]> {
    const { parts, detached, main } = catalog.schemas
    const { rows } = await database.admin.query<{ name: string }>(
      `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
       where relkind = 'r' and (nspname in ($1, $2) or (nspname = $3 and relispartition))`,
      [parts, detached, main],
    )
    return rows.map(({ name }) => name)
  }

  const touches = async (): Promise<readonly Touch[]> =>
    touchDirectly(database.admin, outsiders(roles), await relations(), `${catalog.schemas.main}.sample`)

  it('are sound to begin with: no finding, and nobody touches a row', async () => {
    await onCatalog(async () => {
      expect(await check()).toEqual([])
      expect(await touches()).toEqual([])
    })
  })

  it.each(HOLES.map((hole) => [hole.name, hole] as const))('%s is found, and closed', async (_name, hole) => {
    const { planted } = await expectFoundAndClosed([hole], new Random(SEED))
    expect(planted).toBe(1)
  })

  it('the statements of a finding mend it', async () => {
    const random = new Random(SEED)
    const mended = new Set<string>()
    for (const hole of HOLES) {
      await onCatalog(async () => {
        await database.admin.query(hole.plant(catalog, random).sql)
        for (const { rule, object, sql } of await check()) {
          if (sql === undefined) continue
          await database.admin.query(sql)
          mended.add(rule)
          expect(await check(), sql).not.toContainEqual(expect.objectContaining({ rule, object }))
        }
      })
    }
    expect([...mended].toSorted()).toEqual([
      'default-privileges',
      'partition-elsewhere',
      'partition-grants',
      'partition-owner',
      'partition-policies',
      'partition-row-security',
      'schema-reachable',
    ])
  }, 60_000)

  it(`${CATALOGS} random catalogs: every hole is found, and after a run no other role touches a row`, async () => {
    const random = new Random(SEED)
    let opened = 0
    for (let n = 0; n < CATALOGS; n += 1) {
      const holes = Array.from({ length: 1 + random.below(MOST_HOLES) }, () => random.pick(HOLES))
      const { touched } = await expectFoundAndClosed([...new Set(holes)], random)
      opened += touched
    }
    // Or the holes are none, and the test shows nothing.
    expect(opened).toBeGreaterThan(CATALOGS)
  }, 3_600_000)

  /** @returns how many of the holes could be made, and in how many ways rows were touched before the run */
  async function expectFoundAndClosed(
    holes: readonly Hole[],
    random: Random,
  ): Promise<{ readonly planted: number; readonly touched: number }> {
    let made = 0
    const toPlant = holes.map((hole) => hole.plant(catalog, random))
    const what = holes.map(({ name }) => name).join(' + ')
    return onCatalog(async () => {
      const expected: Expected[] = []
      for (const { sql, expected: of } of toPlant) {
        await database.admin.query('savepoint hole')
        // Two holes may be about one partition that the first has taken away: that is no catalog then.
        const isMade = await database.admin.query(sql).then(
          () => true,
          () => false,
        )
        if (isMade) made += 1
        if (isMade) expected.push(...of)
        await database.admin.query(isMade ? 'release savepoint hole' : 'rollback to savepoint hole')
      }
      const before = await touches()
      const present = new Set([...(await relations()), catalog.table])
      const findings = await check()
      for (const { rule, object } of expected) {
        // A partition that a later hole has moved or dropped is found where it is now.
        if (object.includes('.') && !present.has(object)) continue
        expect(findings, `${what}: ${rule} of ${object}`).toContainEqual(
          expect.objectContaining({ rule, object }),
        )
      }
      const failed = await asJob(async () => applySteps(database.admin, await planned()))
      expect(failed, what).toEqual([])
      expect(await touches(), `${what}, after the run`).toEqual([])
      // Beside a DEFAULT partition no month is attached, which would lock readers of it out.
      const left = holes.some(({ name }) => name === 'a DEFAULT partition') ? BESIDE_DEFAULT : LEFT_TO_PEOPLE
      // A month that was detached and put elsewhere is none of the job's any more: it is found, and left to people.
      const own = new Set(await relations())
      const found = (await check()).filter(
        ({ object }) => !object.startsWith(`${catalog.schemas.main}.audit_log_`) || own.has(object),
      )
      expect(open(found, left), `${what}, after the run`).toEqual([])
      return { planted: made, touched: before.length }
    })
  }
})

function open(findings: readonly Finding[], left: ReadonlySet<string>): readonly string[] {
  return findings.filter(({ rule }) => !left.has(rule)).map(({ rule, object }) => `${rule}: ${object}`)
}
